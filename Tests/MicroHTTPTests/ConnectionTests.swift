import Foundation
import MicroHTTP
import Support
import Synchronization
import Testing

/// What happens on one connection, and on the way to it.
@Suite struct ConnectionTests {
    @Test func keepsAConnectionForFurtherRequests() throws {
        let server = try Toy.server()
        let client = try server.client()
        for word in ["one", "two", "three"] {
            client.send("GET /words/\(word) HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try client.response()
            #expect(response.text == "word \(word)")
            #expect(response.headers["Date"] != nil)
        }
        client.send("POST /words/a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        #expect(try client.response().text == "a=hi")
        client.send("DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try client.response().status == 405)
        #expect(client.isClosed())
    }

    @Test func answersPipelinedRequestsInTheirOrder() throws {
        let client = try Toy.server().client()
        client.send(
            "GET /words/1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /words/3 HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().text == "word 1")
        #expect(try client.response().text == "3")
        #expect(try client.response().text == "word 3")
        #expect(try client.response().status == 404)
    }

    @Test func closesBehindHTTP10() throws {
        let client = try Toy.server().client()
        client.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try client.response().text == "root")
        #expect(client.isClosed())
    }

    @Test func readsAHeadThatComesByteByByte() throws {
        let client = try Toy.server().client()
        for byte in "GET /words/x?a=1 HTTP/1.1\r\nHost: a\r\nX-A:1\r\nX-B:   \t 2  \r\nX-C:\r\n\r\n".utf8 { client.send([byte]) }
        #expect(try client.response().text == "word x")
    }

    /// Wherever the network cuts the bytes of good requests, none of them may look bad.
    @Test func readsRequestsCutAnywhere() throws {
        let sent = Array(
            ("GET /words/x?a=1&b HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nX-Empty:\r\n\r\n"
                + "POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                + "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nX-B: \(String(repeating: "b", count: 3000))\r\n\r\nabcd"
                + "\r\nOPTIONS * HTTP/1.1\r\nHost:a\r\n\r\n").utf8)
        let client = try Toy.server().client()
        var random = SeededGenerator(seed: 6)
        for _ in 0..<100 {
            var rest = sent[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...700, using: &random))
                client.send(Array(piece))
                rest = rest.dropFirst(piece.count)
                if Bool.random(using: &random) { usleep(200) }
            }
            #expect(try client.response().text == "word x")
            #expect(try client.response().text == "3")
            #expect(try client.response().text == "4")
            #expect(try client.response().status == 204)
        }
    }

    @Test func takesAHeadOfEightKilobytesAndAHundredFields() throws {
        let client = try Toy.server().client()
        let fields = (0..<100).map { "X-Field-\($0): \(String(repeating: "v", count: 60))\r\n" }.joined()
        for _ in 0..<3 {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(try client.response().status == 200)
        }
    }

    @Test func takesAsManyArgumentsAsFitTheTarget() throws {
        let server = try Toy.server()
        let arguments = String(repeating: "&&a=1&b", count: 580)
        #expect(try server.get("/query?\(arguments)").text == "a=1")
    }

    @Test func takesChunks() throws {
        let client = try Toy.server().client()
        client.send("POST /words/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n")
        client.send("2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Trailer: 1\r\n\r\n")
        #expect(try client.response().text == "a=hello")
    }

    @Test func takesABodyAsLargeAsAllowed() throws {
        let client = try Toy.server().client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n")
        client.send([UInt8](repeating: 0, count: 65_536))
        client.send("GET /words/next HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().text == "65536")
        #expect(try client.response().text == "word next")
    }

    @Test func asksForABodyThatWaitsToBeAskedFor() throws {
        let client = try Toy.server().client()
        client.send("POST /words/a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try client.response().status == 100)
        client.send("hi")
        #expect(try client.response().text == "a=hi")
    }

    @Test func refusesALargeBodyBeforeItComes() throws {
        let client = try Toy.server().client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n")
        #expect(try client.response().status == 413)
        #expect(client.isClosed())
    }

    @Test func refusesLargeChunksAtTheirEnd() throws {
        let client = try Toy.server().client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<70 { client.send("400\r\n\(String(repeating: "x", count: 1024))\r\n") }
        client.send("0\r\n\r\n")
        #expect(try client.response().status == 413)
        #expect(client.isClosed())
    }

    @Test func cutsChunksWithoutEnd() throws {
        let client = try Toy.server().client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("400\r\n\(String(repeating: "x", count: 1024))\r\n".utf8)
        var sent = 0
        while sent < 20_000, client.send(chunk) { sent += 1 }
        #expect(sent < 20_000)
    }

    @Test func answersAFieldThatCannotBeSentWithAFault() throws {
        let events = EventLog()
        let response = try Toy.server(events: events).get("/split")
        #expect(response.status == 500)
        #expect(response.text.hasPrefix("fault badResponse"))
        #expect(response.headers["two"] == nil)
        #expect(events.refusals == [.badResponse])
    }

    @Test func sendsTheLengthOfTheFullBodyWithANotModified() throws {
        let server = try Toy.server()
        let client = try server.client()
        client.send("GET /unchanged HTTP/1.1\r\nHost: a\r\n\r\nGET /shared HTTP/1.1\r\nHost: a\r\n\r\n")
        let unchanged = try client.response()
        #expect(unchanged.status == 304)
        #expect(unchanged.headers["Content-Length"] == "11")
        #expect(try client.response().text == "shared body")
    }

    @Test func namesTheClient() throws {
        let peer = try Toy.server().get("/peer").text
        #expect(peer.hasPrefix("127.0.0.1:"))
    }

    @Test func queuesOneSharedBodyFromManyThreads() throws {
        let server = try Toy.server()
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<50 where (try? server.get("/shared").text) != "shared body" { failures.withLock { $0 += 1 } }
        }
        #expect(failures.withLock { $0 } == 0)
    }
}
