import MicroHTTP
import Support
import Testing

/// Raw bytes in; the status that came out, and that the connection was closed.
@Suite struct FramingTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        let kind: HTTPFault.Kind
        let sent: String

        init(_ name: String, _ status: Int, _ kind: HTTPFault.Kind, _ sent: String) {
            self.name = name
            self.status = status
            self.kind = kind
            self.sent = sent
        }

        var testDescription: String { name }
    }

    static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    static func post(_ fields: String...) -> String {
        "POST /size HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    static let refusals: [Refusal] = [
        Refusal("length beside chunks", 400, .ambiguousLength, post("Content-Length: 3", "Transfer-Encoding: chunked")),
        Refusal("chunks beside a length", 400, .ambiguousLength, post("Transfer-Encoding: chunked", "Content-Length: 3")),
        Refusal("two lengths that differ", 400, .ambiguousLength, post("Content-Length: 3", "Content-Length: 4") + "abcd"),
        Refusal("two equal lengths", 400, .ambiguousLength, post("Content-Length: 3", "Content-Length: 3") + "abc"),
        Refusal("two transfer codings", 400, .ambiguousLength, post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
        Refusal("gzip", 501, .unsupportedTransferEncoding, post("Transfer-Encoding: gzip")),
        Refusal("gzip, chunked", 501, .unsupportedTransferEncoding, post("Transfer-Encoding: gzip, chunked")),
        Refusal("chunked with a blank behind", 501, .unsupportedTransferEncoding, post("Transfer-Encoding: chunked ")),
        Refusal("identity", 501, .unsupportedTransferEncoding, post("Transfer-Encoding: identity")),
        Refusal("chunks in 1.0", 501, .unsupportedTransferEncoding, "POST /size HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        Refusal("no host", 400, .badHost, "GET / HTTP/1.1\r\n\r\n"),
        Refusal("two hosts", 400, .badHost, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        Refusal("two hosts in HTTP/1.0", 400, .badHost, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        Refusal("a host that is a path", 400, .badHost, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Refusal("a blank before the colon", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\nX-A : 1\r\n\r\n"),
        Refusal("a name that is no token", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\nX(A): 1\r\n\r\n"),
        Refusal("an empty name", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n"),
        Refusal("a folded line of token characters", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n  folded\r\n\r\n"),
        Refusal("a folded line with a blank", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\tb c\r\n\r\n"),
        Refusal("a bare LF between fields", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\nX-A: 1\r\n\r\n"),
        Refusal("a bare LF behind the request line", 400, .badHeader, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        Refusal("a bare LF for the empty line", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        Refusal("bare LFs alone", 400, .badHeader, "GET / HTTP/1.1\nHost: a\n\n"),
        Refusal("a bare CR in a value", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r2\r\n\r\n"),
        Refusal("a NUL in a value", 400, .badHeader, "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\u{0}2\r\n\r\n"),
        Refusal("a NUL in the target", 400, .badHeader, "GET /\u{0}b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("two blanks behind the method", 400, .badHeader, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("a blank in the target", 400, .badTarget, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("a method that is no token", 400, .badRequestLine, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("%00", 400, .badTarget, get("/words/a%00b")),
        Refusal("%00 in the query", 400, .badTarget, get("/query?a=%00")),
        Refusal("an escape that is none", 400, .badTarget, get("/words/%zz")),
        Refusal("an escape cut short", 400, .badTarget, get("/words/%4")),
        Refusal("not UTF-8", 400, .badTarget, get("/words/%ff")),
        Refusal("..", 400, .badTarget, get("/words/../query")),
        Refusal("encoded ..", 400, .badTarget, get("/words/%2e%2E/query")),
        Refusal("an encoded slash", 400, .badTarget, get("/words%2Fspecial")),
        Refusal("no slash at all", 400, .badTarget, get("words")),
        Refusal("an authority", 400, .badTarget, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Refusal("a fragment", 400, .badTarget, get("/#a")),
        Refusal("an unknown expectation", 417, .unsupportedExpectation, post("Expect: 200-ok", "Content-Length: 1")),
        Refusal("a body too large", 413, .bodyTooLarge, post("Content-Length: 65537")),
        Refusal("a length of 2^63", 413, .bodyTooLarge, post("Content-Length: 9223372036854775808")),
        Refusal("a long target", 414, .targetTooLong, get("/?\(String(repeating: "a", count: 4096))")),
        Refusal("two thousand arguments", 414, .targetTooLong, get("/?\(String(repeating: "a&", count: 2100))")),
        Refusal("a large head", 431, .headersTooLarge, post("X-A: \(String(repeating: "a", count: 9000))")),
    ]

    @Test(arguments: refusals)
    func refusesAndCloses(_ refusal: Refusal) throws {
        let events = EventLog()
        let server = try Toy.server(events: events)
        let client = try server.client()
        client.send(refusal.sent)
        let response = try client.response()
        #expect(response.status == refusal.status)
        #expect(response.text.hasPrefix("fault \(refusal.kind)"), "\(response.text)")
        #expect(response.headers["Connection"] == "close")
        #expect(client.isClosed(within: 2))
        #expect(events.refusals == [refusal.kind])
    }

    /// What libmicrohttpd refuses by itself, in its own words.
    static let refusedByTheLibrary: [(sent: String, status: Int)] = [
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505),
        ("GET / FTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        (post("Content-Length: -5"), 400),
        (post("Content-Length: 5x"), 400),
        (post("Content-Length: 5, 5"), 400),
        (post("Content-Length: 100000000000000000000000"), 413),
        (post("Transfer-Encoding: chunked") + "xyz\r\n", 400),
        (post("Transfer-Encoding: chunked") + "2\r\nabcd\r\n0\r\n\r\n", 400),
        ("GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX-A: \(String(repeating: "a", count: 40_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "A: 1\r\n", count: 1000))\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\nCookie: \(String(repeating: "a=1;", count: 500))\r\n\r\n", 431),
    ]

    @Test(arguments: refusedByTheLibrary.indices)
    func refusesWithTheLibrarysOwnWords(_ index: Int) throws {
        let (sent, status) = Self.refusedByTheLibrary[index]
        let server = try Toy.server()
        let client = try server.client()
        client.send(sent)
        #expect(try client.response().status == status, "\(sent.prefix(80))")
        #expect(client.isClosed(within: 2), "\(sent.prefix(80))")
        #expect(try server.get("/").status == 200)
    }
}
