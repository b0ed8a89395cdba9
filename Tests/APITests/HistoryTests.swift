import APISupport
import Diagnosis
import Host
import Kernel
import Logging
import Monitor
import Representation
import Support
import Synchronization
import Testing

@testable import API
@testable import MicroHTTP

/// What the flight recorder tells over HTTP.
@Suite struct HistoryTests {
    private func scene() throws -> Scene {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.processRoot = Fixture("6.1-amd64-memcg-high").root + "/before-2"
        return try Scene(machine)
    }

    @Test(arguments: [
        ("/history?pretty", "history.json"), ("/oom-kills/\(Scene.bootID)-427/timeline?pretty", "timeline.json"),
    ])
    func json(target: String, name: String) throws {
        let answer = try scene().ask(.get, target)
        #expect(answer.status == 200)
        let difference = try Golden("6.1-amd64-memcg-high/\(name)").difference(from: answer.body)
        #expect(difference == nil)
    }

    @Test func table() throws {
        let answer = try scene().ask(.get, "/history", headers: ["Accept": "text/plain"])
        let difference = try Golden("6.1-amd64-memcg-high/history.txt").difference(from: answer.body)
        #expect(difference == nil)
    }

    @Test func stall() throws {
        var worst = Stall.Severity()
        worst.fullHundredths = 9_969
        worst.limitEventsPerSecond = 12
        let begin = RecordedTime(sinceBoot: Nanoseconds(5), wall: Timestamp(unixNanoseconds: 1_790_000_000_250_000_000))
        let stall = Stall(owner: .cgroup(CgroupPath("/box".utf8)), begin: begin, reasons: [.memoryHigh], worst: worst)
        let difference = try Golden("6.1-amd64-memcg-high/stall.json").difference(from: StallDocument(stall).json(pretty: true))
        #expect(difference == nil)
        #expect(StallDocument(stall).line == "cgroup /box stalls: memory_high")
    }

    @Test func zoneState() throws {
        let fixture = Fixture("6.1-amd64-movable-dry")
        let (snapshot, zoneInfo) = (try fixture.snapshot(), try fixture.zoneInfo())
        let zone = try #require(zoneInfo.zones.first { $0.id.name == "DMA32" })
        let change = ZoneChange(
            at: snapshot.takenAt, zones: [ZoneChange.Step(zone: zone, before: .ok, state: .belowLow)], lowZoneIsDry: true,
            findings: Assessment(of: snapshot, zoneInfo: zoneInfo).findings, pageSize: snapshot.pageSize)
        let document = ZoneChangeDocument(change).json(pretty: true)
        #expect(try Golden("6.1-amd64-movable-dry/zone-state.json").difference(from: document) == nil)
        let line = EventLine(document, kind: "zone_state").text
        #expect(line.hasPrefix("2026-09-21T14:13:20.250Z  zone_state  node 0 DMA32: ok to below_low  "))
    }

    @Test func aSpanIsTakenFromItsEndOn() throws {
        let scene = try scene()
        let all = try scene.ask(.get, "/history?from=-1m").text
        #expect(all.contains(#""at":"2026-09-21T14:13:10.250Z""#) && all.contains(#""at":"2026-09-21T14:13:20.250Z""#))
        let late = try scene.ask(.get, "/history?from=-5s").text
        #expect(!late.contains(#""at":"2026-09-21T14:13:10.250Z""#))
        let early = try scene.ask(.get, "/history?from=2026-09-21T16:13:00%2B02:00&to=-5s").text
        #expect(early.contains(#""at":"2026-09-21T14:13:10.250Z""#) && !early.contains(#""at":"2026-09-21T14:13:20.250Z""#))
    }

    @Test(arguments: ["from=yesterday", "to=-5", "step=0s", "step=1", "from=now&to=-5m", "from=-9999999999d"])
    func whatIsNoTimeIs400(query: String) throws {
        let answer = try scene().ask(.get, "/history?\(query)")
        #expect(answer.status == 400)
        #expect(answer.problem == "bad_parameter")
    }

    @Test func aLongSpanIsToldInLongSteps() throws {
        #expect(try scene().ask(.get, "/history?from=-1d").text.contains(#""step_seconds":44"#))
    }

    @Test func anEventThatNothingWasRecordedAroundHasNoTimeline() throws {
        #expect(try scene().ask(.get, "/oom-kills/x/timeline").problem == "no_timeline")
    }

    @Test func aStreamThatIsAskedWronglyIs400() throws {
        let scene = try scene()
        #expect(try scene.ask(.get, "/oom-kills/stream?kind=kil").problem == "bad_parameter")
        #expect(try scene.ask(.get, "/oom-kills/stream?cgroup=box").problem == "bad_parameter")
        #expect(try scene.ask(.get, "/oom-kills/stream", headers: ["Last-Event-ID": "x"]).problem == "bad_parameter")
    }
}

/// The stream of events over a live socket.
@Suite struct StreamTests {
    private let hub = StreamHub<LiveEvent>()

    private func server() throws -> HTTPServer {
        let routes = StreamRoutes(hub: hub)
        let problems = ProblemResponses(logger: Logger(label: "stream") { _ in SwiftLogNoOpLogHandler() })
        let router = Router(
            [Route(.get, "/oom-kills/stream", routes.stream)], faults: problems.response, errors: problems.response)
        return try HTTPServer(
            listen: [.tcp(host: "127.0.0.1", port: 0)], responder: router.respond, faults: problems.response)
    }

    private func client(_ server: HTTPServer, _ query: String = "", last: Int? = nil) throws -> RawClient {
        try connect(server, query, last: last).0
    }

    private func connect(_ server: HTTPServer, _ query: String = "", last: Int? = nil) throws -> (RawClient, String) {
        guard case .tcp(_, let port) = server.addresses[0] else { throw CancellationError() }
        let client = try RawClient(.tcp(port: port), of: server)
        let field = last.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        client.send("GET /oom-kills/stream\(query) HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
        return (client, try client.text(upTo: "retry: 2000\n\n"))
    }

    private func stall(_ group: String) -> LiveEvent {
        let time = RecordedTime(sinceBoot: Nanoseconds(5), wall: Timestamp(unixNanoseconds: 1_790_000_000_250_000_000))
        return .stall(
            Stall(owner: .cgroup(CgroupPath(group.utf8)), begin: time, reasons: [.memoryHigh], worst: Stall.Severity()))
    }

    @Test func tellsAnEventWithItsIDKindAndDocument() throws {
        let server = try server()
        let client = try client(server)
        hub.publish(stall("/a"))
        let text = try client.text(upTo: "}\n\n")
        #expect(text.contains("id: 1\nevent: stall\ndata: {\"id\":\"stall-"))
    }

    @Test func resumesAfterTheLastEventThatWasSeen() throws {
        let server = try server()
        for name in ["/a", "/b", "/c"] { hub.publish(stall(name)) }
        let client = try client(server, last: 1)
        #expect(try client.text(upTo: "\n\n").contains(#""cgroup":"/b""#))
        #expect(try client.text(upTo: "\n\n").contains(#""cgroup":"/c""#))
        let other = try self.client(server, "?after=2")
        #expect(try other.text(upTo: "\n\n").contains("id: 3\n"))
    }

    @Test func tellsOnlyWhatWasAskedFor() throws {
        let server = try server()
        let client = try client(server, "?kind=stall&cgroup=/box/")
        for name in ["/a", "/boxes", "/box/inner"] { hub.publish(stall(name)) }
        #expect(try client.text(upTo: "\n\n").contains(#""cgroup":"/box/inner""#))
    }

    /// 50 connections, each cut after some events of a storm.
    @Test func aClientThatComesBackAgainAndAgainSeesEachEventOnce() throws {
        let server = try server()
        let isDone = Atomic<Bool>(false)
        let hub = self.hub
        let event = stall("/a")
        let publisher = Task.detached {
            for _ in 0..<2_000 {
                hub.publish(event)
                try await Task.sleep(nanoseconds: 500_000)
            }
            isDone.store(true, ordering: .releasing)
        }
        var seen: [Int] = []
        var last = 0
        for round in 0..<50 {
            let (client, head) = try connect(server, last: last)
            var parser = EventStreamParser()
            _ = parser.add(Array(head.utf8)[...])
            let wanted = round == 49 ? 2_000 : seen.count + 1 + round % 7
            while seen.count < wanted {
                for event in parser.add(Array(try client.text(upTo: "\n\n", within: 30).utf8)[...]) where seen.count < wanted {
                    last = try #require(event.id.flatMap { Int($0) })
                    seen.append(last)
                }
            }
        }
        _ = publisher
        #expect(seen == Array(1...2_000))
    }

    @Test func whoLeavesListensNoLonger() throws {
        let server = try server()
        do { _ = try client(server) }
        #expect(
            eventually(within: 5) {
                hub.publish(stall("/a"))
                return hub.listeners == 0
            })
    }
}
