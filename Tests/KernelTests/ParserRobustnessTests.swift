import Kernel
import Support
import Testing

/// Any bytes give a value or a ParseError: the assertion is that the process is still there.
@Suite struct ParserRobustnessTests {
    static let parsers: [(String, @Sendable ([UInt8]) throws -> Void)] = [
        (
            "proc/zoneinfo",
            { text in
                let zoneInfo = try ZoneInfo(parsing: text)
                for zone in zoneInfo.zones { _ = (zone.counters, zone.pageSets) }
                for node in zoneInfo.nodes { _ = node.counters }
            }
        ),
        ("proc/buddyinfo", { _ = try BuddyInfo(parsing: $0).zones.map(\.free) }),
        ("proc/meminfo", { _ = try MemInfo(parsing: $0) }),
        ("proc/vmstat", { _ = try VMStat(parsing: $0) }),
        ("proc/pagetypeinfo", { _ = try PageTypeInfo(parsing: $0) }),
        ("proc/pressure/memory", { _ = try Pressure(parsing: $0) }),
    ]

    @Test(arguments: ["7.2-amd64-global-order0", "6.1-686pae-lowmem-sockets"])
    func everyPrefixIsAValueOrAnError(fixture: String) throws {
        for (path, parse) in Self.parsers {
            var failures = 0
            let text = try Fixture(fixture).bytes(path)
            for prefix in Hostile.prefixes(of: text) { do { try parse(prefix) } catch is ParseError { failures += 1 } }
            #expect(failures > 0, "an empty \(path) is an error")
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func everyDamageIsAValueOrAnError(seed: UInt64) throws {
        for (path, parse) in Self.parsers {
            let text = try Fixture("7.2-amd64-numa-mempolicy").bytes(path)
            for damaged in Hostile.mutations(of: text, count: 1500, seed: seed) {
                do { try parse(damaged) } catch is ParseError {}
            }
        }
    }
}
