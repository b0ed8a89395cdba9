import Diagnosis
import Kernel
import Support
import Testing

@Suite struct UndecidedTests {
    @Test func aKillLineAloneSaysNothing() {
        var report = ReportScene.report(.killWithoutReport)
        report.scope = .global
        report.victims = [ReportScene.victim(4711, "postgres", anonymous: 1_000_000)]
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .unknown)
        #expect(diagnosis.confidence == .possible)
        #expect(diagnosis.summary.hasPrefix("postgres (4711) was killed; the log does not say why: "))
    }

    /// A page fault without context: the zones are far above their marks.
    @Test func aFalseAlarmOfAPageFaultIsNoShortage() {
        var report = ReportScene.dryMachine(anonymous: 1000)
        report.request = ReportScene.request(.kernel, mask: "0x0", flags: [])
        report.zones[1].free = Bytes(kibibytes: 300_000)
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .unknown)
        #expect(diagnosis.summary.contains("a page fault was told to fail"))
    }

    @Test func aSinglePageThatFailedProvesNoLastingShortage() {
        var report = ReportScene.dryMachine(anonymous: 90_000)
        report.kind = .allocationFailure
        report.victims = []
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .unknown)
        #expect(diagnosis.summary.hasPrefix("a request for 4 KiB (order 0) failed"))
    }

    @Test func zonesThatCouldHaveServedTheRequestProveNothing() {
        var report = ReportScene.dryMachine(anonymous: 30_000)
        report.zones[1].free = Bytes(kibibytes: 200_000)
        report.counters = ReportScene.counters(["free": 50_340, "inactive_anon": 30_000, "active_anon": 0])
        #expect(OOMDiagnosis(of: report).cause == .unknown)
    }

    /// Numbers near the ends of Int, lists too short and too long, and names that are no zone's.
    @Test func noReportTraps() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let diagnosis = OOMDiagnosis(of: HostileReport.make(&random))
            #expect(!diagnosis.summary.isEmpty)
        }
    }
}

private enum HostileReport {
    static func make(_ random: inout SystemRandomNumberGenerator) -> OOMReport {
        var report = ReportScene.report(OOMReport.Kind.allCases.randomElement(using: &random) ?? .kill)
        report.release = ["6.1.0", "2.6.32", "x", "99999999999999999999.1", "4.4.0"].randomElement(using: &random)
        report.scope = OOMScope.allCases.randomElement(using: &random) ?? .unknown
        report.request = OOMReport.Request(
            mask: GFPMask(
                hexadecimal: ["0x0", "0xzz", "0xffffffffffffffffff", "0x140dca"].randomElement(using: &random) ?? "", flags: nil),
            order: [-1, 0, 3, 31, 64, Int.max, Int.min].randomElement(using: &random),
            kind: AllocationRequest.allCases.randomElement(using: &random))
        for name in ["DMA", "DMA32", "Normal", "HighMem", "Movable", "Wild"] where Bool.random(using: &random) {
            report.zones.append(zone(name, &random))
        }
        report.counters = MemoryCounters(
            counts: ["free", "active_anon", "inactive_anon", "shmem", "slab_unreclaimable", "active_file"].map {
                MemoryCounters.Count(name: $0, pages: Pages(number(&random)))
            })
        report.totals.ram = Pages(number(&random))
        report.totals.reserved = Pages(number(&random))
        report.totals.highMemory = Pages(number(&random))
        report.swap = OOMReport.Swap(total: Bytes(number(&random)), free: Bytes(number(&random)))
        report.hugePages = [
            HugePagePool(
                node: nil, total: number(&random), free: number(&random), surplus: nil, size: Bytes(number(&random)),
                line: ReportScene.line(1, ""))
        ]
        report.tasks = ReportScene.table(
            (0..<3).map { ReportScene.task($0, "t", resident: number(&random), adjustment: number(&random)) })
        report.victims = [ReportScene.victim(1, "", anonymous: number(&random))]
        report.memcg = memcg(&random)
        return report
    }

    private static func zone(_ name: String, _ random: inout SystemRandomNumberGenerator) -> ReportedZone {
        var zone = ReportedZone(node: Bool.random(using: &random) ? 0 : nil, name: name)
        zone.free = Bytes(number(&random))
        zone.min = Bytes(number(&random))
        zone.high = Bytes(number(&random))
        zone.freeCMA = Bytes(number(&random))
        zone.managed = Bytes(number(&random))
        zone.reservedHighatomic = Bytes(number(&random))
        zone.protection = (0..<Int.random(in: 0...9, using: &random)).map { _ in Pages(number(&random)) }
        zone.freeBlocks = (0..<Int.random(in: 0...70, using: &random)).map { _ in number(&random) }
        zone.blockTypes = Bool.random(using: &random) ? ["U", "C", ""] : nil
        zone.pageSize = Bool.random(using: &random) ? .sixtyFourKiB : nil
        zone.zoneLine = ReportScene.line(
            1, ["", " ", "free:", "Node 0 x free:1kB all_unreclaimable?"].randomElement(using: &random) ?? "")
        return zone
    }

    private static func memcg(_ random: inout SystemRandomNumberGenerator) -> MemcgUsage {
        var memcg = MemcgUsage()
        let counter = MemcgUsage.Counter(
            usage: Bytes(number(&random)), limit: Bytes(number(&random)), failures: number(&random), line: ReportScene.line(1, "")
        )
        memcg.memory = counter
        memcg.swap = Bool.random(using: &random) ? counter : nil
        memcg.statistics = [
            Amount(name: "anon", bytes: Bytes(number(&random))), Amount(name: "kernel", bytes: Bytes(number(&random))),
        ]
        return memcg
    }

    private static func number(_ random: inout SystemRandomNumberGenerator) -> Int {
        [0, 1, -1, 5000, 1 << 40, Int.max, Int.min, Int.max / 2].randomElement(using: &random) ?? 0
    }
}
