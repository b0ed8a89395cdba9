import Foundation
import Support
import Synchronization
import Testing

@testable import MicroHTTP

/// A route that takes its body as it comes.
@Suite struct BodyIntakeTests {
    /// The parts that came, and how often the route was asked.
    private final class Parts: Sendable {
        let counts = Mutex<[Int]>([])

        var total: Int { counts.withLock { $0.reduce(0, +) } }
    }

    private struct Refused: Error {}

    private static func router(_ parts: Parts, limit: Int) -> Router {
        Router(
            [
                Route(.post, "/count", upTo: limit) { request, _ in
                    if request.query["refuse"] != nil { throw Refused() }
                    return BodyIntake(
                        receive: { bytes in parts.counts.withLock { $0.append(bytes.count) } },
                        answer: { Response(body: .bytes(Array("\(parts.total)".utf8))) })
                },
                Route(.post, "/whole") { request, _ in Response(body: .bytes(Array("\(request.body.count)".utf8))) },
            ],
            faults: { fault, _ in Response(fault.status) }, errors: { _, _ in Response(Status(418)) })
    }

    private func server(_ parts: Parts, limit: Int) throws -> HTTPServer {
        try HTTPServer(listen: [.tcp(host: "127.0.0.1", port: 0)], router: Self.router(parts, limit: limit))
    }

    private func post(_ target: String, _ body: Int, to server: HTTPServer, head: String = "") throws -> RawResponse {
        let client = try RawClient(server.addresses[0], of: server)
        let length = head.isEmpty ? "Content-Length: \(body)\r\n" : head
        client.send(Array("POST \(target) HTTP/1.1\r\nHost: x\r\n\(length)\r\n".utf8))
        client.send([UInt8](repeating: 120, count: body))
        return try client.response()
    }

    @Test func aLargeBodyComesInParts() throws {
        let parts = Parts()
        let answer = try post("/count", 3_000_000, to: try server(parts, limit: 4_000_000))
        #expect(answer.status == 200)
        #expect(answer.text == "3000000")
        #expect(parts.counts.withLock { $0.max() ?? 0 } <= 65_536)
    }

    @Test func itsLimitIsItsOwn() throws {
        let server = try server(Parts(), limit: 100_000)
        #expect(try post("/count", 100_000, to: server).status == 200)
        #expect(try post("/whole", 65_537, to: server).status == 413)
        #expect(try post("/count", 100_001, to: server).status == 413)
    }

    @Test func aChunkedBodyOverItsLimitIsRefusedAtItsEnd() throws {
        let server = try server(Parts(), limit: 100_000)
        let client = try RawClient(server.addresses[0], of: server)
        client.send(Array("POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        for _ in 0..<3 { client.send(Array("9c40\r\n".utf8) + [UInt8](repeating: 120, count: 40_000) + Array("\r\n".utf8)) }
        client.send(Array("0\r\n\r\n".utf8))
        #expect(try client.response().status == 413)
    }

    @Test func anEmptyBodyIsAnswered() throws {
        #expect(try post("/count", 0, to: try server(Parts(), limit: 10)).text == "0")
    }

    @Test func whatIsWrongWithTheHeadIsSaidWhenTheBodyIsIn() throws {
        let parts = Parts()
        let answer = try post("/count?refuse", 200_000, to: try server(parts, limit: 300_000))
        #expect(answer.status == 418)
        #expect(parts.total == 0)
    }

    @Test func aRouterWithoutASocketAnswersTheSame() throws {
        let router = Self.router(Parts(), limit: 10)
        #expect(router.respond(to: try Request(.post, "/count", body: [1, 2, 3])).body.bytes == Array("3".utf8))
        #expect(
            router.respond(to: try Request(.post, "/count", body: [UInt8](repeating: 0, count: 11))).status == .contentTooLarge)
        #expect(router.respond(to: try Request(.post, "/count?refuse")).status == Status(418))
    }

    /// Two clients that send at once are served side by side: each part is short.
    @Test func oneThatSendsForLongHoldsUpNobody() throws {
        let server = try HTTPServer(listen: [.tcp(host: "127.0.0.1", port: 0)], router: Self.router(Parts(), limit: 1_000_000))
        let slow = try (0..<4).map { _ in try RawClient(server.addresses[0], of: server) }
        for client in slow { client.send(Array("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\nxxx".utf8)) }
        #expect(try post("/whole", 5, to: server).text == "5")
    }
}
