import Diagnosis
import Kernel
import Support
import Testing

/// What adjustments are thousandths of. Kernel: `constrained_alloc()`, `mem_cgroup_get_max()`.
@Suite struct OOMDomainTests {
    private static func total(_ group: MemoryCgroup, swap: Int, swappiness: Int? = 60) throws -> Int? {
        let fixture = try Fixture("6.1-amd64-global-order0").snapshot()
        let memInfo = try MemInfo(
            parsing: Array("MemTotal: 339380 kB\nMemFree: 1 kB\nSwapTotal: \(swap) kB\nSwapFree: 0 kB\n".utf8))
        let snapshot = Snapshot(
            takenAt: fixture.takenAt, pageSize: .fourKiB,
            sources: Snapshot.Sources(
                zoneInfo: fixture.zoneInfo, buddyInfo: fixture.buddyInfo, memInfo: .success(memInfo), vmStat: fixture.vmStat,
                pressure: fixture.pressure))
        let limited = OOMDomain.LimitedGroup(asked: group.path, group: group, nearer: nil)
        return OOMDomain.memcg(limited, snapshot, swappiness: swappiness)?.totalPages.count
    }

    private static func group(_ version: MemoryCgroup.Version, kibibytes: Int) -> MemoryCgroup {
        var group = MemoryCgroup(path: CgroupPath("/box".utf8), version: version)
        group.maximum = Bytes(kibibytes: kibibytes)
        return group
    }

    /// 65,536 kB are 16,384 pages, 8,192 kB of swap 2,048 more.
    @Test func aCgroupHasItsLimitAndItsSwap() throws {
        var group = Self.group(.two, kibibytes: 65_536)
        #expect(try Self.total(group, swap: 0) == 16_384)
        #expect(try Self.total(group, swap: 8_192) == 18_432)
        group.swap.maximum = Bytes(kibibytes: 4_096)
        #expect(try Self.total(group, swap: 8_192) == 17_408)
        #expect(try Self.total(group, swap: 8_192, swappiness: 0) == 16_384)
    }

    @Test func versionOneLimitsBothTogether() throws {
        var group = Self.group(.one, kibibytes: 65_536)
        #expect(try Self.total(group, swap: 8_192) == 18_432)
        group.swap.totalMaximum = Bytes(kibibytes: 69_632)
        #expect(try Self.total(group, swap: 8_192) == 17_408)
        group.swap.totalMaximum = Bytes(kibibytes: 65_536)
        #expect(try Self.total(group, swap: 8_192) == 16_384)
        group.swappiness = 0
        group.swap.totalMaximum = nil
        #expect(try Self.total(group, swap: 8_192) == 16_384)
    }

    /// Node 1 of the capture has one zone, and presents 98,304 pages; both nodes are the machine.
    @Test func nodesHaveTheirOwnPages() throws {
        let snapshot = try Fixture("6.1-amd64-numa-mempolicy").snapshot()
        let kernel = KernelVersion(6, 1)
        let zones = try snapshot.zoneInfo.get().populated.filter { $0.id.node == 1 }
        let present = zones.reduce(0) { $0 + $1.present.count }
        let domain = try #require(OOMDomain.nodes(NodeSet([1]), snapshot, kernel: kernel))
        #expect(domain.totalPages.count == present)
        #expect(domain.kind == .nodes(NodeSet([1])))
        #expect(OOMDomain.nodes(NodeSet([0, 1]), snapshot, kernel: kernel)?.kind == .global)
    }

    /// A batch of 64 events for each of four counters; since 6.2 32 pages or two for each CPU, on every CPU.
    @Test func countersLagByTheirBatches() {
        #expect(CounterError.pages(of: KernelVersion(6, 1), processors: 8) == Pages(256))
        #expect(CounterError.pages(of: KernelVersion(6, 2), processors: 2) == Pages(256))
        #expect(CounterError.pages(of: KernelVersion(6, 12), processors: 64) == Pages(32_768))
        #expect(CounterError.pages(of: KernelVersion(6, 12), processors: 0) == Pages(128))
    }

    @Test func theNearestLimitOfAChainDecides() {
        var inner = Self.group(.two, kibibytes: 1_000)
        inner.usage = Bytes(kibibytes: 100)
        var outer = MemoryCgroup(path: CgroupPath("/".utf8), version: .two)
        outer.maximum = Bytes(kibibytes: 2_000)
        outer.usage = Bytes(kibibytes: 1_900)
        outer.high = Bytes(kibibytes: 1_800)
        let report = CgroupReport.all([inner, outer])[0]
        #expect(report.nearest?.cgroup == outer.path)
        #expect(report.nearest?.headroom == Bytes(kibibytes: 100))
        #expect(report.isThrottled == true)
        outer.high = nil
        #expect(CgroupReport.all([inner, outer])[0].isThrottled == false)
        // A flat group of version 1 counts in none above it.
        inner.countsInParent = false
        #expect(CgroupReport.all([inner, outer])[0].nearest?.cgroup == inner.path)
    }

    @Test func groupsAreOrderedByHeadroom() {
        var groups = ["/a", "/b", "/c"].map { MemoryCgroup(path: CgroupPath($0.utf8), version: .two) }
        groups[0].usage = Bytes(mebibytes: 9)
        groups[1].usage = Bytes(mebibytes: 1)
        groups[1].maximum = Bytes(mebibytes: 8)
        groups[2].usage = Bytes(mebibytes: 1)
        groups[2].maximum = Bytes(mebibytes: 2)
        let reports = CgroupReport.all(groups)
        #expect(CgroupOrder.headroom.sorted(reports).map(\.group.path.text) == ["/c", "/b", "/a"])
        #expect(CgroupOrder.usage.sorted(reports).map(\.group.path.text) == ["/a", "/b", "/c"])
        #expect(CgroupOrder.path.sorted(reports).map(\.group.path.text) == ["/a", "/b", "/c"])
    }

    @Test func theSummaryHasTheFirstFive() throws {
        var scene = ForecastScene()
        for index in Int32(0)..<8 { try scene.add(10 + index, pages: 1_000 * Int(index)) }
        let summary = VictimSummary(of: scene.processes, formula: scene.question.formula)
        #expect(summary.millionths == [70_000, 60_000, 50_000, 40_000, 30_000])
        #expect(summary.isNobodyLeft == false)
        var none = ForecastScene()
        try none.add(10, pages: 5_000, adjustment: -1000)
        #expect(VictimSummary(of: none.processes, formula: none.question.formula).isNobodyLeft == true)
        #expect(VictimSummary(of: [], formula: none.question.formula).isNobodyLeft == false)
    }

    /// In a pid namespace of its own the daemon may see none but itself, exempt.
    @Test func nobodySeenIsNotNobodyLeft() throws {
        var none = ForecastScene()
        try none.add(10, pages: 5_000, adjustment: -1000)
        let formula = none.question.formula
        #expect(VictimSummary(of: none.processes, formula: formula, seesAll: false).isNobodyLeft == nil)
        try none.add(11, pages: 5_000)
        #expect(VictimSummary(of: none.processes, formula: formula, seesAll: false).isNobodyLeft == false)
    }
}
