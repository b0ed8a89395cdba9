import APISupport
import Kernel
import MicroHTTP
import Support
import Testing

/// What holds of `/metrics` whatever the machine.
@Suite struct MetricsTests {
    static let machines = Fixture.all.filter { $0.has("proc/zoneinfo") && $0.has("proc/pagetypeinfo") && $0.has("dev/kmsg") }

    @Test(arguments: machines)
    func seriesAreBounded(fixture: Fixture) throws {
        let populated = try fixture.zoneInfo().zones.filter(\.isPopulated).count
        let series = try Self.series(fixture)
        #expect(series.count <= 60 * populated + 80)
        #expect(Set(series.map(\.name)).count == series.count, "a series occurs once")
    }

    @Test(arguments: machines)
    func noLabelIsUnbounded(fixture: Fixture) throws {
        let allowed: Set = [
            "numa_node", "memory_zone", "watermark", "against", "request", "order", "scope", "owner", "cause", "source",
            "version",
            "revision",
            "swift",
        ]
        for series in try Self.series(fixture) {
            let names = series.name.matches(of: /[{,]([a-z_]+)="/).map { String($0.1) }
            #expect(allowed.isSuperset(of: names), "\(series.name)")
        }
    }

    @Test(arguments: machines)
    func everySampleBelongsToTheFamilyAboveIt(fixture: Fixture) throws {
        var family = ""
        for line in try Scene(Scene.Machine(fixture)).ask(.get, "/metrics").text.split(separator: "\n") {
            if let help = line.wholeMatch(of: /# HELP (\S+) .*[.].*/) ?? line.wholeMatch(of: /# HELP (\S+) .+/) {
                #expect(family != String(help.1), "\(family) occurs once")
                family = String(help.1)
            } else if let type = line.wholeMatch(of: /# TYPE (\S+) (gauge|counter)/) {
                #expect(String(type.1) == family)
                #expect((type.2 == "counter") == family.hasSuffix("_total"))
            } else {
                #expect(line.prefix { $0 != "{" && $0 != " " } == family)
            }
        }
    }

    /// Counted in the capture: DMA has 1055 free pages, min 190, protection (0, 818, 3010, 3010).
    @Test func theNumbersAreTheCaptures() throws {
        let text = try Scene("6.1-686pae-lowmem-sockets").ask(.get, "/metrics").text
        for line in [
            #"oomwarden_zone_free_bytes{numa_node="0",memory_zone="DMA"} \#(1055 * 4096)"#,
            #"oomwarden_zone_watermark_bytes{numa_node="0",memory_zone="Normal",watermark="min"} \#(10352 * 4096)"#,
            #"oomwarden_zone_protection_bytes{numa_node="0",memory_zone="DMA",against="Normal"} \#(818 * 4096)"#,
            #"oomwarden_zone_headroom_bytes{numa_node="0",memory_zone="DMA",request="kernel"} \#((1055 - 190 - 818) * 4096)"#,
            #"oomwarden_request_margin_bytes{request="kernel"} \#((13692 - 10352) * 4096)"#,
            #"oomwarden_request_margin_bytes{request="user"} \#((451309 - 128) * 4096)"#,
            #"oomwarden_zone_per_cpu_bytes{numa_node="0",memory_zone="Normal"} \#(188 * 4096)"#,
            #"oomwarden_buddy_free_blocks{numa_node="0",memory_zone="HighMem",order="10"} 440"#,
            "oomwarden_low_memory_free_bytes \(58988 * 1024)", "oomwarden_low_zone_dry 1",
            "oomwarden_pressure_some_seconds_total 0.027877", #"oomwarden_oom_kills_total{scope="global"} 3"#,
        ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        #expect(!text.contains(#"memory_zone="Movable"} "#), "an empty zone has no series")
    }

    @Test func openMetricsHasTheSameSamples() throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        let text = try scene.ask(.get, "/metrics").text
        let open = try scene.ask(.get, "/metrics", headers: ["Accept": "application/openmetrics-text"]).text
        #expect(open.hasSuffix("\n# EOF\n"))
        #expect(
            open.split(separator: "\n").filter { !$0.hasPrefix("#") } == text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        )
        #expect(open.contains("# TYPE oomwarden_oom_kills counter\n"))
        #expect(text.contains("# TYPE oomwarden_oom_kills_total counter\n"))
    }

    private static func series(_ fixture: Fixture) throws -> [(name: String, value: String)] {
        try Scene(Scene.Machine(fixture)).ask(.get, "/metrics").text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            let parts = $0.split(separator: " ")
            return (String(parts[0]), String(parts[1]))
        }
    }
}
