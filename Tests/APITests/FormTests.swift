import API
import APISupport
import Kernel
import MicroHTTP
import Support
import Testing

/// In which form an answer comes, the same from the router alone and through a live socket.
@Suite struct FormTests {
    static let documents = [
        "/zones", "/zones?detail=full", "/zones/0/DMA32", "/zones/0/DMA32/can-serve", "/fragmentation",
        "/fragmentation?by=migratetype", "/oom-kills", "/-/ready", "/processes",
    ]

    @Test(arguments: Scene.Way.allCases)
    func jsonIsWhatIsGivenUnlessSomethingElseIsAsked(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for target in Self.documents {
            for accept in [[:], ["Accept": "*/*"], ["Accept": "application/*;q=0.5"]] as [Headers] {
                let answer = try scene.ask(.get, target, headers: accept)
                #expect(answer.status == 200, "\(target)")
                #expect(answer.headers["Content-Type"] == "application/json", "\(target)")
                #expect(answer.headers["Vary"] == "Accept, Accept-Encoding")
                #expect(answer.headers["Cache-Control"] == "no-store")
                #expect(answer.text.hasPrefix("{\""))
                #expect(answer.text.hasSuffix("}\n"))
            }
        }
    }

    @Test(arguments: Scene.Way.allCases)
    func plainTextIsATable(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for target in Self.documents {
            let answer = try scene.ask(.get, target, headers: ["Accept": "text/plain, application/json;q=0.5"])
            #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8", "\(target)")
            #expect(!answer.text.hasPrefix("{"), "\(target)")
        }
        // A row of the capture: Node 0, DMA32, 1162 of 67530 managed pages free, 946176 bytes above min for the kernel.
        let table = try scene.ask(.get, "/zones", headers: ["Accept": "text/plain"]).text
        let row = try #require(table.split(separator: "\n").first { $0.contains("DMA32") })
        #expect(row.split(separator: " ").prefix(5) == ["0", "DMA32", "below_low", "4.5", "MiB"])
    }

    @Test(arguments: Scene.Way.allCases)
    func whatIsNeitherIsRefused(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for target in Self.documents + ["/-/healthy"] {
            let answer = try scene.ask(.get, target, headers: ["Accept": "text/html, application/json;q=0"])
            #expect(answer.status == 406, "\(target)")
            #expect(answer.problem == "not_acceptable")
        }
    }

    @Test(arguments: Scene.Way.allCases)
    func gzipComesToThoseWhoTakeIt(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for target in ["/openapi.yaml", "/", "/zones", "/fragmentation", "/metrics", "/oom-kills"] {
            let plain = try scene.ask(.get, target)
            let packed = try scene.ask(.get, target, headers: ["Accept-Encoding": "br, gzip;q=0.8"])
            #expect(plain.headers["Content-Encoding"] == nil)
            #expect(packed.headers["Content-Encoding"] == "gzip", "\(target)")
            #expect(packed.headers["Vary"] == "Accept, Accept-Encoding")
            #expect(packed.body.count < plain.body.count)
            #expect(try gunzipped(packed.body) == plain.body, "\(target)")
            let refused = try scene.ask(.get, target, headers: ["Accept-Encoding": "gzip;q=0, *"])
            #expect(refused.headers["Content-Encoding"] == nil)
        }
    }

    @Test func smallBodiesAreNotCompressed() throws {
        let answer = try Scene("6.1-amd64-movable-dry").ask(.get, "/-/healthy", headers: ["Accept-Encoding": "gzip"])
        #expect(answer.headers["Content-Encoding"] == nil)
        #expect(answer.text == "{\"status\":\"healthy\",\"sources\":[]}\n")
    }

    /// The same object, so neither rendered nor compressed again.
    @Test(arguments: ["/zones", "/fragmentation", "/metrics"])
    func anAnswerIsMadeOncePerSample(target: String) throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        for headers in [[:], ["Accept-Encoding": "gzip"]] as [Headers] {
            let request = try Request(.get, target, headers: headers)
            guard case .shared(let first) = scene.router.respond(to: request).body,
                case .shared(let second) = scene.router.respond(to: request).body
            else {
                Issue.record("the body is not shared")
                return
            }
            #expect(first === second)
        }
        #expect(scene.readingCount == 1)
    }

    @Test func withoutAnAgeEachRequestReadsAnew() throws {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.maximumAge = Nanoseconds(0)
        let scene = try Scene(machine)
        for _ in 0..<3 { _ = try scene.ask(.get, "/metrics") }
        #expect(scene.readingCount == 3)
    }

    @Test(arguments: Scene.Way.allCases)
    func prettyIsIndented(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for yes in ["pretty", "pretty=", "pretty=true", "pretty=1"] {
            #expect(try scene.ask(.get, "/zones?\(yes)").text.hasPrefix("{\n  \"collected_at\": "), "\(yes)")
        }
        for no in ["pretty=false", "pretty=0"] {
            #expect(try scene.ask(.get, "/zones?\(no)").text.hasPrefix("{\"collected_at\":"), "\(no)")
        }
        #expect(try scene.ask(.get, "/zones?pretty=yes").problem == "bad_parameter")
    }

    @Test(arguments: Scene.Way.allCases)
    func headHasTheHeadOfGet(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for target in Self.documents + ["/", "/metrics", "/openapi.yaml", "/-/healthy"] {
            let (get, head) = (try scene.ask(.get, target), try scene.ask(.head, target))
            #expect(head.status == 200, "\(target)")
            #expect(head.body.isEmpty)
            #expect(head.headers["Content-Type"] == get.headers["Content-Type"])
            if way == .socket { #expect(head.headers["Content-Length"] == String(get.body.count), "\(target)") }
        }
    }

    @Test(arguments: Scene.Way.allCases)
    func metricsFallBackToTheTextFormat(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        let text = "text/plain; version=0.0.4; charset=utf-8"
        let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
        for (accept, type) in [
            ("*/*", text), ("text/html", text), ("text/plain;version=0.0.4", text),
            ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5", openMetrics),
            ("application/openmetrics-text;q=0.1,text/plain;q=0.2", text),
        ] {
            #expect(try scene.ask(.get, "/metrics", headers: ["Accept": accept]).headers["Content-Type"] == type, "\(accept)")
        }
    }

    @Test(arguments: Scene.Way.allCases)
    func theLandingPageLinksToEveryPlainRoute(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        let page = try scene.ask(.get, "/", headers: ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"])
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
        for route in scene.routes.all where route.method == .get && !route.pattern.contains("{") && route.pattern != "/" {
            #expect(page.text.contains("href=\"\(route.pattern)\""), "\(route.pattern)")
        }
        #expect(try scene.ask(.get, "/").headers["Content-Type"] == "text/plain; charset=utf-8")
    }
}
