import Monitor
import Synchronization
import Testing

@Suite struct StreamHubTests {
    final class Heard: Sendable {
        let events = Mutex<[String]>([])

        var all: [String] { events.withLock { $0 } }

        func listen(_ entry: StreamHub<String>.Entry) { events.withLock { $0.append("\(entry.seq)\(entry.event)") } }
    }

    @Test func aListenerOfNothingPastHearsWhatIsToCome() {
        let (hub, heard) = (StreamHub<String>(), Heard())
        hub.publish("a")
        let stop = hub.listen(after: nil, heard.listen)
        hub.publish("b")
        stop()
        hub.publish("c")
        #expect(heard.all == ["2b"])
        #expect(hub.listeners == 0)
    }

    @Test func thePastComesFirst() {
        let (hub, heard) = (StreamHub<String>(), Heard())
        for event in ["a", "b", "c"] { hub.publish(event) }
        _ = hub.listen(after: 1, heard.listen)
        hub.publish("d")
        #expect(heard.all == ["2b", "3c", "4d"])
    }

    @Test func whatIsForgottenHereIsReadElsewhere() {
        let past: @Sendable (Int, Int) -> [StreamHub<String>.Entry] = { after, before in
            (after + 1..<before).map { StreamHub<String>.Entry(seq: $0, event: "old") }
        }
        let (hub, heard) = (StreamHub<String>(after: 10, capacity: 2, readPast: past), Heard())
        for event in ["a", "b", "c"] { hub.publish(event) }
        _ = hub.listen(after: 9, heard.listen)
        #expect(heard.all == ["10old", "11old", "12b", "13c"])
    }

    @Test func numbersOnlyGrow() {
        let hub = StreamHub<String>(after: 5)
        #expect(hub.publish("a") == 6)
        #expect(hub.publish("b", seq: 9) == 9)
        #expect(hub.publish("c", seq: 3) == 10)
        #expect(hub.last == 10)
    }
}
