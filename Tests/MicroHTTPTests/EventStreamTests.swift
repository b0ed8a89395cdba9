import Foundation
import MicroHTTP
import Support
import Synchronization
import Testing

/// Streams of events on live sockets.
@Suite struct EventStreamTests {
    /// Keeps the streams that its route gave away.
    final class Source: Sendable {
        let streams = Mutex<[EventStream]>([])
        let ended = Atomic<Int>(0)

        var route: Route {
            Route(.get, "/stream") { [self] _, _ in
                let stream = EventStream(
                    ServerSentEvent.retry(.seconds(2)), ended: { [self] in _ = ended.add(1, ordering: .relaxed) })
                streams.withLock { $0.append(stream) }
                return stream.response()
            }
        }

        var count: Int { streams.withLock { $0.count } }

        func send(_ text: String) { for stream in streams.withLock({ $0 }) { stream.send(Array(text.utf8)) } }
    }

    private func open(_ server: HTTPServer) throws -> RawClient {
        let client = try server.client()
        client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        return client
    }

    @Test func sendsWhatIsPublishedLater() throws {
        let source = Source()
        let server = try Toy.server(extra: [source.route])
        let client = try open(server)
        #expect(try client.text(upTo: "retry: 2000\n\n").contains("Content-Type: text/event-stream"))
        usleep(50_000)
        source.send("data: one\n\n")
        #expect(try client.text(upTo: "data: one\n\n").contains("data: one"))
        usleep(50_000)
        source.send("data: two\n\n")
        #expect(try client.text(upTo: "data: two\n\n").contains("data: two"))
    }

    @Test func theConnectionIsNotKept() throws {
        let source = Source()
        let server = try Toy.server(extra: [source.route])
        let head = try open(server).text(upTo: "retry: 2000\n\n")
        #expect(head.contains("Connection: close"))
    }

    @Test func aQuietStreamSaysAComment() throws {
        var limits = Limits()
        limits.streamHeartbeat = .milliseconds(200)
        limits.idle = .seconds(1)
        let source = Source()
        let server = try Toy.server(limits, extra: [source.route])
        let client = try open(server)
        _ = try client.text(upTo: "retry: 2000\n\n")
        for _ in 0..<6 { _ = try client.text(upTo: ":\n\n") }
        #expect(source.ended.load(ordering: .relaxed) == 0)
    }

    @Test func aClientThatLeftIsNoticed() throws {
        var limits = Limits()
        limits.streamHeartbeat = .milliseconds(100)
        let source = Source()
        let server = try Toy.server(limits, extra: [source.route])
        do {
            let client = try open(server)
            _ = try client.text(upTo: "retry: 2000\n\n")
        }
        #expect(eventually { source.ended.load(ordering: .relaxed) == 1 })
    }

    @Test func aClientThatDoesNotReadIsCutOff() throws {
        var limits = Limits()
        limits.streamBacklog = 100_000
        let source = Source()
        let server = try Toy.server(limits, extra: [source.route])
        let client = try open(server)
        #expect(eventually { source.count == 1 })
        let chunk = "data: " + String(repeating: "x", count: 10_000) + "\n\n"
        #expect(
            eventually {
                source.send(chunk)
                return source.ended.load(ordering: .relaxed) == 1
            })
        #expect(client.isClosed())
    }

    @Test func thereAreAsManyAsMayBe() throws {
        var limits = Limits()
        limits.streams = 2
        let source = Source()
        let server = try Toy.server(limits, extra: [source.route])
        let clients = try (0..<2).map { _ in try open(server) }
        for client in clients { _ = try client.text(upTo: "retry: 2000\n\n") }
        let third = try open(server)
        #expect(try third.response().status == 503)
    }

    @Test func aStopEndsEveryStream() throws {
        let source = Source()
        let server = try Toy.server(extra: [source.route])
        let clients = try (0..<10).map { _ in try open(server) }
        for client in clients { _ = try client.text(upTo: "retry: 2000\n\n") }
        let start = Date()
        server.stop(drainingFor: .seconds(3))
        #expect(Date().timeIntervalSince(start) < 2)
        for client in clients { #expect(client.isClosed()) }
        #expect(source.ended.load(ordering: .relaxed) == 10)
    }

    @Test func aHeadOfAStreamEnds() throws {
        let source = Source()
        let server = try Toy.server(extra: [source.route])
        let client = try server.client()
        client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response(toHead: true).status == 200)
        #expect(eventually { source.ended.load(ordering: .relaxed) == 1 })
    }

    @Test func manyIdleStreamsCostNoCPU() throws {
        let source = Source()
        let server = try Toy.server(extra: [source.route])
        let clients = try (0..<200).map { _ in try open(server) }
        for client in clients { _ = try client.text(upTo: "retry: 2000\n\n") }
        let before = cpu(of: server)
        usleep(1_000_000)
        #expect(cpu(of: server) - before < 0.3)
        source.send("data: one\n\n")
        for client in clients { _ = try client.text(upTo: "data: one\n\n") }
    }

    /// Other tests run at the same time: only what a busy loop would take is too much.
    private func cpu(of server: HTTPServer) -> Double {
        server.threadSeconds()
    }

    @Test func publishingAndLeavingAtTheSameTimeIsHarmless() throws {
        let source = Source()
        let server = try Toy.server(extra: [source.route])
        let isDone = Atomic<Bool>(false)
        let publisher = Thread {
            while !isDone.load(ordering: .relaxed) {
                source.send("data: x\n\n")
                usleep(100)
            }
        }
        publisher.start()
        for _ in 0..<100 {
            let client = try open(server)
            _ = try client.text(upTo: "data: x\n\n")
        }
        isDone.store(true, ordering: .relaxed)
        #expect(
            eventually {
                source.send("data: y\n\n"); return source.ended.load(ordering: .relaxed) >= 90
            })
    }

    @Test func anEventsFieldsStayLines() {
        let bytes = ServerSentEvent.bytes(id: "7\n", event: "kill", data: Array("a\nb".utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == "id: 7\nevent: kill\ndata: a\ndata: b\n\n")
    }
}

extension HTTPServer {
    /// What the threads of libmicrohttpd in this process have used; they are named after it.
    func threadSeconds() -> Double {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.reduce(0) { sum, task in
            let stat = (try? String(contentsOfFile: "/proc/self/task/\(task)/stat", encoding: .utf8)) ?? ""
            guard stat.contains("(MHD-"), let end = stat.lastIndex(of: ")") else { return sum }
            let fields = stat[end...].split(separator: " ")
            return sum + (Double(fields[12]) ?? 0) / 100 + (Double(fields[13]) ?? 0) / 100
        }
    }
}
