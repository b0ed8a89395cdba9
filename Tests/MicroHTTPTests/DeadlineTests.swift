import Foundation
import MicroHTTP
import Support
import Testing

/// Who is too slow is cut off, who is merely quiet is not.
@Suite struct DeadlineTests {
    static let short: Limits = {
        var limits = Limits()
        limits.headDeadline = .milliseconds(300)
        limits.bodyGrace = .milliseconds(300)
        limits.idle = .seconds(2)
        return limits
    }()

    /// Sends a byte each 50 ms until the server closes; the seconds that took, nil when it did not.
    private func dribble(_ client: RawClient, _ text: String, limit: Double = 3) -> Double? {
        let start = Date()
        var bytes = Array(text.utf8)[...]
        while Date().timeIntervalSince(start) < limit {
            if let byte = bytes.popFirst() { client.send([byte]) }
            if client.isClosed(within: 0.05) { return Date().timeIntervalSince(start) }
        }
        return nil
    }

    private let endless = "GET /\(String(repeating: "a", count: 500))"

    @Test func cutsAHeadThatDribbles() throws {
        let events = EventLog()
        let server = try Toy.server(Self.short, events: events)
        let seconds = try #require(dribble(try server.client(), endless))
        #expect(seconds > 0.25 && seconds < 1.5)
        #expect(eventually { events.overdue == [.head] })
    }

    @Test func cutsAClientThatSaysNothing() throws {
        let server = try Toy.server(Self.short)
        let client = try server.client()
        #expect(client.isClosed(within: 1.5))
    }

    @Test func cutsFieldsThatDribble() throws {
        let server = try Toy.server(Self.short)
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\n")
        #expect(dribble(client, String(repeating: "X: 1\r\n", count: 100)) != nil)
    }

    @Test func cutsASecondHeadThatDribbles() throws {
        let events = EventLog()
        let server = try Toy.server(Self.short, events: events)
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 200)
        #expect(!client.isClosed(within: 0.2))
        let seconds = try #require(dribble(client, endless))
        #expect(seconds < 1.5)
        #expect(eventually { events.overdue == [.head] })
    }

    @Test func keepsAQuietConnectionBeyondTheHeadDeadline() throws {
        let server = try Toy.server(Self.short)
        let client = try server.client()
        for _ in 0..<3 {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(!client.isClosed(within: 0.6))
        }
    }

    @Test func closesAConnectionThatStaysQuiet() throws {
        let events = EventLog()
        var limits = Self.short
        limits.idle = .seconds(1)
        let client = try Toy.server(limits, events: events).client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 200)
        #expect(client.isClosed(within: 4))
    }

    @Test func cutsABodyThatDribbles() throws {
        let events = EventLog()
        let server = try Toy.server(Self.short, events: events)
        let client = try server.client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")
        let seconds = try #require(dribble(client, String(repeating: "a", count: 500)))
        #expect(seconds > 0.25 && seconds < 1.5)
        #expect(eventually { events.overdue == [.body] })
    }

    @Test func cutsTrailersThatDribble() throws {
        let server = try Toy.server(Self.short)
        let client = try server.client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
        #expect(dribble(client, String(repeating: "X: 1\r\n", count: 100)) != nil)
    }

    @Test func takesABodyThatIsSlowButFastEnough() throws {
        var limits = Self.short
        limits.bodyBytesPerSecond = 1000
        let server = try Toy.server(limits)
        let client = try server.client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n")
        for _ in 0..<20 {
            client.send([UInt8](repeating: 0, count: 200))
            usleep(50_000)
        }
        #expect(try client.response().text == "4000")
    }

    @Test func cutsAClientThatDoesNotTakeItsAnswer() throws {
        var limits = Self.short
        limits.answerDeadline = .milliseconds(300)
        let events = EventLog()
        let large = Route(.get, "/large") { _, _ in Response(body: .bytes([UInt8](repeating: 0, count: 20_000_000))) }
        let server = try Toy.server(limits, extra: [large], events: events)
        let client = try server.client()
        client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(eventually { events.overdue == [.answer] })
    }
}
