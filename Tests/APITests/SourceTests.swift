import APISupport
import Kernel
import MicroHTTP
import Support
import Testing

/// Each source unplugged in turn: what lives on it alone is a 503 that names it, all else is served.
@Suite struct SourceTests {
    @Test(arguments: Snapshot.Source.allCases, Scene.Way.allCases)
    func whatLivesOnItAloneIs503AndTheRestIsServed(source: Snapshot.Source, way: Scene.Way) throws {
        let scene = try Self.scene(without: source, way: way)
        let lost = Self.routes(on: source)
        for target in lost {
            let answer = try scene.ask(.get, target)
            #expect(answer.status == 503, "\(target)")
            #expect(answer.problem == "source_unreadable", "\(target)")
            #expect(answer.text.contains("\"\(source.name) could not be read: permission denied\""), "\(target)")
            #expect(!answer.text.contains("/proc/"), "a client is not told paths")
        }
        for target in Self.all where !lost.contains(target) {
            #expect(try scene.ask(.get, target).status == 200, "\(target)")
        }
    }

    @Test(arguments: Snapshot.Source.allCases)
    func itIsDownInTheMetricsAndTheOthersAreUp(source: Snapshot.Source) throws {
        let metrics = try Self.scene(without: source).ask(.get, "/metrics").text
        for other in Snapshot.Source.allCases {
            #expect(metrics.contains("oomwarden_source_up{source=\"\(other.name)\"} \(other == source ? 0 : 1)\n"))
        }
        #expect(metrics.contains("oomwarden_source_up{source=\"kmsg\"} 1\n"))
        for (family, origin) in Self.families { #expect(metrics.contains("\n\(family)") == (origin != source), "\(family)") }
    }

    @Test(arguments: Snapshot.Source.allCases)
    func itIsNamedByReadyWhichItDoesNotHoldBack(source: Snapshot.Source) throws {
        let ready = try Self.scene(without: source).ask(.get, "/-/ready")
        #expect(ready.status == 200)
        #expect(ready.text.contains(#"{"source":"\#(source.name)","up":false,"reason":"permission denied"}"#))
        #expect(ready.text.count(of: #""up":true"#) == 8)
    }

    @Test(arguments: Snapshot.Source.allCases.filter { $0 != .zoneInfo })
    func itIsAFindingOfTheZones(source: Snapshot.Source) throws {
        let zones = try Self.scene(without: source).ask(.get, "/zones").text
        #expect(
            zones.contains(
                #"{"id":"source_failed","severity":"warning","claim":"\#(source.name) could not be read: permission denied","#
                    + #""evidence":[{"source":"\#(source.name)","quote":"permission denied","value":null}]}"#))
    }

    @Test func whatHangsOnItIsNullAndNever0() throws {
        let withoutMemInfo = try Self.scene(without: .memInfo)
        #expect(try withoutMemInfo.ask(.get, "/zones").text.contains(#"{"request":"kernel","bytes":946176,"margin_bytes":null}"#))
        #expect(try withoutMemInfo.ask(.get, "/processes").text.contains(#""badness_pages":null,"badness_bytes":null"#))
        #expect(try Self.scene(without: .vmStat).ask(.get, "/fragmentation").text.hasSuffix("],\"compaction\":null}\n"))
    }

    private static let all = [
        "/", "/zones", "/zones?detail=full", "/zones?node=0", "/zones/0/DMA32", "/zones/0/DMA32/can-serve?order=3",
        "/fragmentation",
        "/fragmentation?by=migratetype", "/oom-kills", "/processes", "/metrics", "/-/healthy", "/-/ready", "/openapi.yaml",
    ]

    private static func routes(on source: Snapshot.Source) -> [String] {
        switch source {
        case .zoneInfo: all.filter { $0.hasPrefix("/zones") }
        case .buddyInfo: ["/fragmentation"]
        case .memInfo, .vmStat, .pressure: []
        }
    }

    private static let families: [(String, Snapshot.Source)] = [
        ("oomwarden_zone_free_bytes", .zoneInfo), ("oomwarden_low_zone_dry", .zoneInfo),
        ("oomwarden_buddy_free_blocks", .buddyInfo), ("oomwarden_largest_free_order", .buddyInfo),
        ("oomwarden_low_memory_free_bytes", .memInfo), ("oomwarden_allocation_stalls_total", .vmStat),
        ("oomwarden_kernel_oom_kills_total", .vmStat), ("oomwarden_pressure_some_seconds_total", .pressure),
    ]

    /// The 64-bit capture, with low memory from the 32-bit one so that each source has a family of its own.
    private static func scene(without source: Snapshot.Source, way: Scene.Way = .router) throws -> Scene {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        let whole = machine.snapshot()
        var sources = Snapshot.Sources(whole)
        sources.memInfo = .success(try Fixture("6.1-686pae-lowmem-sockets").memInfo())
        let error = SourceError.unreadable(path: "/proc/\(source.name)", errno: 13)
        switch source {
        case .zoneInfo: sources.zoneInfo = .failure(error)
        case .buddyInfo: sources.buddyInfo = .failure(error)
        case .memInfo: sources.memInfo = .failure(error)
        case .vmStat: sources.vmStat = .failure(error)
        case .pressure: sources.pressure = .failure(error)
        }
        let broken = Snapshot(
            takenAt: whole.takenAt, pageSize: whole.pageSize, sources: sources, readTimes: whole.readTimes)
        machine.snapshot = { broken }
        machine.processRoot = Fixture("6.1-amd64-global-order0").root
        return try Scene(machine, way: way)
    }
}
