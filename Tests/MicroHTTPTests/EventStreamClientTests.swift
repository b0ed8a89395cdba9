import Support
import Synchronization
import Testing

@testable import MicroHTTP

@Suite struct EventStreamClientTests {
    private let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test func readsEventsFromChunksHoweverTheyComeIn() {
        let whole = Array(
            "\(head)11\r\nretry: 500\n\nid: 7\r\n1c\r\n\nevent: kill\ndata: a\ndata: b\r\n2\r\n\n\n\r\n3\r\n:\n\n\r\n".utf8)
        for step in [1, 3, 1_000] {
            var parser = EventStreamParser()
            var events: [EventStreamClient.Event] = []
            for start in stride(from: 0, to: whole.count, by: step) {
                events += parser.add(whole[start..<min(start + step, whole.count)])
            }
            #expect(events == [EventStreamClient.Event(id: "7", kind: "kill", data: Array("a\nb".utf8))])
            #expect(parser.retry == 500)
        }
    }

    @Test func aRefusalIsToldWithItsBody() {
        var parser = EventStreamParser()
        _ = parser.add(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone".utf8)[...])
        #expect(parser.failure?.isFinal == true)
        #expect(parser.failure?.description == "the daemon answers 404: none")
    }

    @Test func damagedAnswersDoNotTrap() {
        let whole = Array("\(head)5\r\nid: 7\r\n1d\r\n\nevent: kill\ndata: a\ndata: b\n\n\r\n0\r\n\r\n".utf8)
        for damaged in Hostile.mutations(of: whole, count: 500, seed: 9) {
            var parser = EventStreamParser()
            _ = parser.add(damaged[...])
        }
    }

    @Test func comesBackAfterTheLastEventItHasSeen() throws {
        let asked = Mutex<[String]>([])
        let route = Route(.get, "/stream") { request, _ in
            let last = request.headers["Last-Event-ID"] ?? "none"
            asked.withLock { $0.append(last) }
            let stream = EventStream(ServerSentEvent.bytes(id: last == "none" ? "1" : "2", event: "kill", data: [65]))
            stream.end()
            return stream.response()
        }
        let server = try Toy.server(extra: [route])
        var client = EventStreamClient(server.addresses[0], "/stream")
        var ids: [String?] = []
        for _ in 0..<2 {
            do { try client.read { ids.append($0.id) } } catch { #expect(!error.isFinal) }
        }
        #expect(ids == ["1", "2"])
        #expect(asked.withLock { $0 } == ["none", "1"])
    }

    @Test func aServerThatIsNotThereIsNamed() {
        var client = EventStreamClient(.tcp(host: "127.0.0.1", port: 1), "/stream")
        do { try client.read { _ in } } catch { #expect("\(error)" == "127.0.0.1:1 cannot be reached: Connection refused") }
    }
}
