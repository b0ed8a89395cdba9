import APISupport
import Diagnosis
import Host
import Kernel
import Logging
import Monitor
import Representation
import Store
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
    private let hub: StreamHub<LiveEvent>
    private let ledger: EventLedger
    private let counts = StreamCounts()

    /// A ledger in memory that tells the stream, as the daemon wires them.
    init() {
        let hub = StreamHub<LiveEvent>()
        var settings = EventLedger.Settings(directory: nil, bootID: "b")
        settings.capacity = 5_000
        settings.onLive = { hub.publish(.event($0), seq: $0.event.seq) }
        ledger = EventLedger(settings, logger: Logger(label: "stream") { _ in SwiftLogNoOpLogHandler() })
        self.hub = hub
    }

    private func server() throws -> HTTPServer {
        let routes = StreamRoutes(hub: hub, ledger: ledger, counts: counts)
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

    private func stall(_ group: String, _ number: Int = 0) -> Stall {
        let wall = Timestamp(unixNanoseconds: 1_790_000_000_250_000_000 + number * 1_000_000)
        let time = RecordedTime(sinceBoot: Nanoseconds(5), wall: wall)
        return Stall(owner: .cgroup(CgroupPath(group.utf8)), begin: time, reasons: [.memoryHigh], worst: Stall.Severity())
    }

    private func zoneState() throws -> ZoneChange {
        let snapshot = try Fixture("6.1-amd64-movable-dry").snapshot()
        return ZoneChange(at: snapshot.takenAt, zones: [], lowZoneIsDry: true, findings: [], pageSize: snapshot.pageSize)
    }

    @Test func tellsAnEventWithItsIDKindAndDocument() throws {
        let server = try server()
        let client = try client(server)
        ledger.add(stall("/a"))
        let text = try client.text(upTo: "}\n\n")
        #expect(text.contains("id: 1\nevent: stall\ndata: {\"id\":\"stall-"))
    }

    @Test func resumesAfterTheLastEventThatWasSeen() throws {
        let server = try server()
        for name in ["/a", "/b", "/c"] { ledger.add(stall(name)) }
        let client = try client(server, last: 1)
        #expect(try client.text(upTo: "\n\n").contains(#""cgroup":"/b""#))
        #expect(try client.text(upTo: "\n\n").contains(#""cgroup":"/c""#))
        let other = try self.client(server, "?after=2")
        #expect(try other.text(upTo: "\n\n").contains("id: 3\n"))
    }

    @Test func tellsOnlyWhatWasAskedFor() throws {
        let server = try server()
        let client = try client(server, "?kind=stall&cgroup=/box/")
        for name in ["/a", "/boxes", "/box/inner"] { ledger.add(stall(name)) }
        #expect(try client.text(upTo: "\n\n").contains(#""cgroup":"/box/inner""#))
    }

    /// 50 connections, each cut after some events of a storm.
    @Test func aClientThatComesBackAgainAndAgainSeesEachEventOnce() throws {
        let server = try server()
        let isDone = Atomic<Bool>(false)
        let ledger = self.ledger
        let events = (0..<2_000).map { stall("/a", $0) }
        let publisher = Task.detached {
            for event in events {
                ledger.add(event)
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
        var number = 0
        #expect(
            eventually(within: 5) {
                number += 1
                ledger.add(stall("/a", number))
                return hub.listeners == 0 && counts.clients == 0
            })
    }

    @Test func aClientThatListensIsCounted() throws {
        let server = try server()
        let client = try client(server)
        #expect(counts.clients == 1 && counts.backlog == 0)
        _ = client
    }

    /// What no ledger keeps is among what it keeps, in the order of the numbers.
    @Test func theStateOfZonesIsToldInItsPlaceAndResumed() throws {
        let server = try server()
        ledger.add(stall("/a"))
        let change = try zoneState()
        ledger.number { hub.publish(.zones(change), seq: $0, isRemembered: true) }
        ledger.add(stall("/b"))
        let client = try client(server, "?after=0")
        #expect(try client.text(upTo: "\n\n").contains("id: 1\nevent: stall\n"))
        #expect(try client.text(upTo: "\n\n").contains("id: 2\nevent: zone_state\n"))
        #expect(try client.text(upTo: "\n\n").contains("id: 3\nevent: stall\n"))
        let narrow = try self.client(server, "?after=0&cgroup=/")
        #expect(try narrow.text(upTo: "\n\n").contains("id: 1\n"))
        #expect(try narrow.text(upTo: "\n\n").contains("id: 3\n"))
    }

    @Test func aStallIsToldAgainWhenItIsOver() throws {
        let server = try server()
        let client = try client(server, "?after=0")
        var stall = stall("/a")
        ledger.add(stall)
        #expect(try client.text(upTo: "\n\n").contains(#""ended_at":null"#))
        stall.end = RecordedTime(sinceBoot: Nanoseconds(9), wall: Timestamp(unixNanoseconds: 1_790_000_009_250_000_000))
        let (event, over) = (ledger.add(stall), stall)
        ledger.number { hub.publish(.stall(event, over), seq: $0, isRemembered: true) }
        let text = try client.text(upTo: "\n\n")
        #expect(text.contains("id: 2\n") && text.contains(#""ended_at":"2026-09-21T14:13:29.250Z""#))
    }
}
