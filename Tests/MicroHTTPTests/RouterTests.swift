import MicroHTTP
import Support
import Testing

/// What a route table answers, the same on the router alone and through a live socket.
@Suite struct RouterTests {
    enum Way: CaseIterable, Sendable { case router, socket }

    struct Answer {
        let status: Int
        let headers: Headers
        let text: String
    }

    static func ask(
        _ way: Way, _ method: Method, _ target: String, headers: Headers = [:], body: String = ""
    ) throws -> Answer {
        switch way {
        case .router:
            let response = Toy.router.respond(to: try Request(method, target, headers: headers, body: Array(body.utf8)))
            return Answer(
                status: response.status.code, headers: response.allHeaders,
                text: method == .head ? "" : String(decoding: response.body.bytes, as: UTF8.self))
        case .socket:
            let client = try Toy.server().client()
            let fields = headers.pairs.map { "\($0.name): \($0.value)\r\n" }.joined()
            let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
            client.send("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\(length)\r\n\(body)")
            let response = try client.response(toHead: method == .head)
            return Answer(status: response.status, headers: Headers(response.headers), text: response.text)
        }
    }

    @Test func trapsOnTwoRoutesForTheSameRequests() async {
        await #expect(processExitsWith: .failure) {
            _ = Router(
                [Route(.get, "/a/{b}") { _, _ in Response() }, Route(.get, "/a/{c}") { _, _ in Response() }],
                faults: { fault, _ in Response(fault.status) }, errors: { _, _ in Response(.internalServerError) })
        }
    }

    @Test(arguments: Way.allCases)
    func answersFromTheTable(_ way: Way) throws {
        let answer = try Self.ask(way, .get, "/words/hello")
        #expect(answer.status == 200)
        #expect(answer.text == "word hello")
        #expect(answer.headers["content-type"] == "text/plain")
    }

    @Test(arguments: Way.allCases)
    func prefersALiteralPartToAParameter(_ way: Way) throws {
        #expect(try Self.ask(way, .get, "/words/special").text == "special")
    }

    @Test(arguments: Way.allCases)
    func decodesParametersOnce(_ way: Way) throws {
        #expect(try Self.ask(way, .get, "/words/a%20b%2525+c").text == "word a b%25+c")
        #expect(try Self.ask(way, .get, "/words/%C3%A9").text == "word é")
    }

    @Test(arguments: Way.allCases)
    func readsAQueryByTheFormConvention(_ way: Way) throws {
        #expect(try Self.ask(way, .get, "/query?b=1&a=x+y%2Bz&a=2").text == "a=x y+z")
        #expect(try Self.ask(way, .get, "/query?a").text == "a=")
        #expect(try Self.ask(way, .get, "/query?a=b=c").text == "a=b=c")
        #expect(try Self.ask(way, .get, "/query?").text == "a=nil")
    }

    @Test(arguments: Way.allCases)
    func handsOverTheBody(_ way: Way) throws {
        let answer = try Self.ask(way, .post, "/words/x", body: "hello")
        #expect(answer.status == 201)
        #expect(answer.text == "x=hello")
    }

    @Test(arguments: Way.allCases)
    func answersUnknownPaths404(_ way: Way) throws {
        for path in ["/nothing", "/words", "/words/", "/words/a/b", "//", "/words//"] {
            let answer = try Self.ask(way, .get, path)
            #expect(answer.status == 404, "\(path)")
            #expect(answer.text.hasPrefix("fault notFound"), "\(path)")
        }
    }

    @Test(arguments: Way.allCases)
    func answersOtherMethods405WithAllow(_ way: Way) throws {
        let answer = try Self.ask(way, .delete, "/words/x")
        #expect(answer.status == 405)
        #expect(answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(answer.headers["Connection"] == nil)
        #expect(try Self.ask(way, Method("get"), "/").status == 405)
    }

    @Test(arguments: Way.allCases)
    func answersOptionsWithAllow(_ way: Way) throws {
        let answer = try Self.ask(way, .options, "/size")
        #expect(answer.status == 204)
        #expect(answer.headers["Allow"] == "OPTIONS, POST")
        #expect(answer.headers["Content-Length"] == nil)
        #expect(try Self.ask(way, .options, "*").headers["Allow"] == "GET, HEAD, OPTIONS, POST")
    }

    @Test(arguments: Way.allCases)
    func runsGetForHead(_ way: Way) throws {
        let answer = try Self.ask(way, .head, "/words/hello")
        #expect(answer.status == 200)
        #expect(answer.text.isEmpty)
        if way == .socket { #expect(answer.headers["Content-Length"] == "10") }
        #expect(try Self.ask(way, .head, "/size").status == 405)
    }

    @Test(arguments: Way.allCases)
    func rendersWhatAHandlerThrows(_ way: Way) throws {
        #expect(try Self.ask(way, .get, "/throws").status == 500)
    }

    @Test(arguments: Way.allCases)
    func keepsRepeatedFields(_ way: Way) throws {
        let headers: Headers = ["Accept": "text/plain", "X": "1", "ACCEPT": "*/*"]
        #expect(try Self.ask(way, .get, "/accept", headers: headers).text == "text/plain|*/*")
    }

    @Test(arguments: Way.allCases)
    func takesTheAbsoluteForm(_ way: Way) throws {
        #expect(try Self.ask(way, .get, "http://a:1/words/x?y").text == "word x")
        #expect(try Self.ask(way, .get, "HTTP://a").text == "root")
        #expect(try Self.ask(way, .get, "http://a?b").text == "root")
    }

    @Test(arguments: Way.allCases)
    func sendsASharedBodyWithItsFields(_ way: Way) throws {
        let answer = try Self.ask(way, .get, "/shared")
        #expect(answer.text == "shared body")
        #expect(answer.headers["Vary"] == "Accept")
    }
}
