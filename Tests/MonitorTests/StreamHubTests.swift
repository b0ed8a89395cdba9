import Monitor
import Synchronization
import Testing

@Suite struct StreamHubTests {
    final class Heard: Sendable {
        let events = Mutex<[String]>([])

        var all: [String] { events.withLock { $0 } }

        func listen(_ entry: StreamHub<String>.Entry) { events.withLock { $0.append("\(entry.seq)\(entry.event)") } }
    }

    @Test func aListenerHearsWhatIsToCome() throws {
        let (hub, heard) = (StreamHub<String>(), Heard())
        hub.publish("a", seq: 1)
        let stop = try #require(hub.listen(heard.listen))
        hub.publish("b", seq: 2)
        stop()
        hub.publish("c", seq: 3)
        #expect(heard.all == ["2b"])
        #expect(hub.listeners == 0)
    }

    /// What has been read elsewhere may be published after that, under the number that it has there.
    @Test func nothingIsHeardTwice() {
        let (hub, heard) = (StreamHub<String>(), Heard())
        let (_, mark) = hub.remembered(after: 0)
        #expect(hub.listen(after: 7, since: mark, heard.listen) != nil)
        for seq in 6...8 { hub.publish("e", seq: seq) }
        #expect(heard.all == ["8e"])
    }

    /// Whoever has read what there was before has a gap otherwise.
    @Test func whoHasMissedSomethingMustReadAgain() {
        let (hub, heard) = (StreamHub<String>(), Heard())
        let (_, mark) = hub.remembered(after: 0)
        hub.publish("a", seq: 1)
        #expect(hub.listen(since: mark, heard.listen) == nil)
        #expect(hub.listeners == 0)
    }

    @Test func whatNobodyElseKeepsIsRememberedForAWhile() {
        let hub = StreamHub<String>(capacity: 2)
        for seq in 1...4 { hub.publish("e", seq: seq, isRemembered: seq != 3) }
        #expect(hub.remembered(after: 0).entries.map(\.seq) == [2, 4])
        #expect(hub.remembered(after: 2).entries.map(\.seq) == [4])
    }
}
