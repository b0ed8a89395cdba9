import API
import APISupport
import Foundation
import Kernel
import MicroHTTP
import Support
import Testing

/// Nothing that a client or a damaged file says may end the program.
@Suite struct HostileTests {
    private static let targets = [
        "/zones?node=0&zone=Normal&detail=full&pretty", "/zones/0/DMA32?detail=brief",
        "/zones/0/DMA32/can-serve?order=9&request=kernel&watermark=min", "/fragmentation?by=migratetype&pretty=1",
        "/oom-kills?limit=10&cursor=1z&cgroup=/box/inner", "/oom-kills/\(Scene.bootID)-427", "/processes?sort=badness&limit=50",
        "/processes/102?pretty", "/processes/102/protect?dry_run=true", "/metrics", "/-/ready", "/openapi.yaml",
    ]

    @Test(arguments: targets)
    func noTargetTraps(target: String) throws {
        let scene = try Scene("6.1-amd64-global-order0")
        for damaged in Hostile.mutations(of: Array(target.utf8), count: 1_500, seed: 11) {
            for method in [Method.get, .post] {
                guard let request = try? Request(method, String(decoding: damaged, as: UTF8.self)) else { continue }
                let response = scene.router.respond(to: request)
                #expect(Self.expected.contains(response.status.code), "\(request.path)")
                if response.status.code >= 400 { try Self.checkProblem(response) }
            }
        }
    }

    @Test func noFieldTraps() throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        let fields = [
            ("Accept", "text/plain;q=0.5, application/json;version=\"1\";q=0.9, */*;q=0"),
            ("Accept-Encoding", "gzip;q=1.000, br;q=0.1, *;q=0"), ("Authorization", "Bearer \(Scene.token)"),
            ("If-Match", "\"\(Scene.bootID)-102-345\", W/\"x\", *"), ("Content-Type", "application/json; charset=\"utf-8\""),
        ]
        for (name, value) in fields {
            for damaged in Hostile.mutations(of: Array(value.utf8), count: 1_000, seed: 12) {
                var headers = Headers()
                headers.append(name, String(decoding: damaged, as: UTF8.self))
                for (method, target) in [
                    (Method.get, "/zones"), (.get, "/metrics"), (.get, "/processes"), (.post, "/processes/1/protect"),
                ] {
                    let response = scene.router.respond(to: try Request(method, target, headers: headers, body: Array("{}".utf8)))
                    #expect(Self.expected.contains(response.status.code))
                }
            }
        }
    }

    @Test func noBodyTraps() throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        var headers = ProcessTests.bearer
        headers.append("Content-Type", "application/json")
        let whole = Array(#"{"oom_score_adj": -500, "force": false}"#.utf8)
        for body in Hostile.prefixes(of: whole) + Hostile.mutations(of: whole, count: 2_000, seed: 13) {
            let request = try Request(.post, "/processes/102/protect?dry_run", headers: headers, body: body)
            #expect([200, 400, 422].contains(scene.router.respond(to: request).status.code))
        }
    }

    /// A file may be torn, or made by somebody: numbers up to the largest there is.
    @Test(arguments: ["zoneinfo", "buddyinfo", "meminfo", "vmstat", "pressure/memory"])
    func noFileTraps(name: String) throws {
        let fixture = Fixture("6.1-amd64-movable-dry")
        let whole = try fixture.timedSnapshot()
        let text = try fixture.bytes("proc/\(name)")
        var machine = try Scene.Machine(fixture)
        machine.maximumAge = Nanoseconds(0)
        let current = Box(whole)
        machine.snapshot = { current.value }
        let scene = try Scene(machine)
        for damaged in Self.withLargeNumbers(text) + Hostile.mutations(of: text, count: 150, seed: 14) {
            current.value = Snapshot(
                takenAt: whole.takenAt, pageSize: whole.pageSize, sources: Self.sources(whole, name, damaged),
                readTimes: whole.readTimes)
            for target in ["/zones?detail=full", "/zones/0/DMA32/can-serve?order=9", "/fragmentation", "/processes", "/metrics"] {
                for accept in ["application/json", "text/plain"] {
                    let answer = try scene.ask(.get, target, headers: ["Accept": accept])
                    #expect(Self.expected.contains(answer.status))
                }
            }
        }
    }

    /// The numbers of each line in turn, as large as they can be; and all of them.
    private static func withLargeNumbers(_ text: [UInt8]) -> [[UInt8]] {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        let large = ["9223372036854775807", "4611686018427387904", "18446744073709551615", "2251799813685248"]
        let each = lines.indices.flatMap { index in
            large.map { number in
                var changed = lines
                changed[index] = enlarged(changed[index], number)
                return changed
            }
        }
        return (each + large.map { number in lines.map { enlarged($0, number) } }).map { Array($0.joined(separator: "\n").utf8) }
    }

    /// The number of a node stays.
    private static func enlarged(_ line: String, _ number: String) -> String {
        let start = line.hasPrefix("Node") ? line.firstRange(of: "zone")?.upperBound ?? line.endIndex : line.startIndex
        return String(line[..<start] + line[start...].replacing(/([ =(])(\d+)/) { "\($0.1)\(number)" })
    }

    private static func sources(_ whole: Snapshot, _ name: String, _ text: [UInt8]) -> Snapshot.Sources {
        var sources = Snapshot.Sources(whole)
        switch name {
        case "zoneinfo": sources.zoneInfo = parsed(name) { () throws(ParseError) in try ZoneInfo(parsing: text) }
        case "buddyinfo": sources.buddyInfo = parsed(name) { () throws(ParseError) in try BuddyInfo(parsing: text) }
        case "meminfo": sources.memInfo = parsed(name) { () throws(ParseError) in try MemInfo(parsing: text) }
        case "vmstat": sources.vmStat = parsed(name) { () throws(ParseError) in try VMStat(parsing: text) }
        default: sources.pressure = parsed(name) { () throws(ParseError) in try Pressure(parsing: text) }
        }
        return sources
    }

    private static func parsed<Value>(_ name: String, _ body: () throws(ParseError) -> Value) -> Result<Value, SourceError> {
        do throws(ParseError) { return .success(try body()) } catch { return .failure(.malformed(path: "/proc/\(name)", error)) }
    }

    private static let expected: Set = [200, 204, 400, 401, 403, 404, 405, 406, 503]

    private static func checkProblem(_ response: Response) throws {
        #expect(response.allHeaders["Content-Type"] == "application/problem+json")
        let problem = try #require(try JSONSerialization.jsonObject(with: Data(response.body.bytes)) as? [String: Any])
        #expect(problem["status"] as? Int == response.status.code)
        #expect(Set(problem.keys) == ["type", "title", "status", "detail", "instance", "next_step"])
    }
}

/// A value that a test changes between two requests.
private final class Box: @unchecked Sendable {
    var value: Snapshot

    init(_ value: Snapshot) { self.value = value }
}
