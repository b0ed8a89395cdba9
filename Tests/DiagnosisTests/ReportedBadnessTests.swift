import Diagnosis
import Kernel
import Testing

@Suite struct ReportedBadnessTests {
    private static func report(_ release: String, _ rows: [TaskTable.Task], scope: OOMScope = .global) -> OOMReport {
        var report = ReportScene.report(release: release)
        report.scope = scope
        report.tasks = ReportScene.table(rows)
        report.totals.ram = Pages(100_000)
        report.totals.reserved = .zero
        report.swap = OOMReport.Swap(total: .zero, free: .zero)
        return report
    }

    private static func first(_ report: OOMReport) -> Int32? {
        ReportedBadness(of: report).ranking.first?.task.processID.rawValue
    }

    @Test func theBiggestIsFirstAndTheExemptIsNot() {
        let report = Self.report(
            "6.1.0",
            [
                ReportScene.task(10, "exempt", resident: 60_000, adjustment: -1000),
                ReportScene.task(11, "second", resident: 15_587),
                ReportScene.task(12, "third", resident: 11_237),
            ])
        let badness = ReportedBadness(of: report)
        #expect(badness.ranking.map(\.task.processID.rawValue) == [11, 12])
        #expect(badness.limitation == nil)
        #expect(badness.predicted?.processID == ProcessID(11))
        #expect(badness.rank(of: ProcessID(12)) == 2)
    }

    /// 300 thousandths of 100,000 pages: 200 + 30,000 against 20,000.
    @Test func anAdjustmentIsAShareOfAllMemory() {
        let report = Self.report(
            "6.0.11",
            [ReportScene.task(20, "big", resident: 20_000), ReportScene.task(21, "tab", resident: 200, adjustment: 300)])
        #expect(ReportedBadness(of: report).ranking.map(\.badness.pages.count) == [30_200, 20_000])
    }

    @Test func initIsNeverChosen() {
        #expect(
            Self.first(
                Self.report("6.1.0", [ReportScene.task(1, "init", resident: 90_000), ReportScene.task(2, "x", resident: 1)])) == 2
        )
    }

    /// From 5.3 the later of two equals, before the first.
    @Test func equalsAreToldByTheirEra() {
        let rows = [ReportScene.task(30, "a", resident: 500), ReportScene.task(31, "b", resident: 500)]
        #expect(Self.first(Self.report("6.1.0", rows)) == 31)
        #expect(Self.first(Self.report("4.19.0", rows)) == 30)
    }

    /// Of before 5.9 the least is 1: among many that are adjusted away the first dies, small as it may be.
    @Test func below59TheLeastIsOne() {
        let rows = [
            ReportScene.task(40, "pause", resident: 1, adjustment: -998),
            ReportScene.task(41, "big", resident: 50_000, adjustment: -998),
        ]
        #expect(Self.first(Self.report("5.1.0", rows)) == 40)
        #expect(Self.first(Self.report("5.10.0", rows)) == 41)
    }

    @Test func rootWeighedThreeHundredthsLess() {
        var root = ReportScene.task(50, "root", resident: 10_200)
        root.userID = 0
        let rows = [root, ReportScene.task(51, "user", resident: 10_000)]
        #expect(Self.first(Self.report("4.9.0", rows)) == 51)
        #expect(Self.first(Self.report("4.17.0", rows)) == 50)
    }

    @Test func whyTheFirstNeedNotBeTheVictimIsSaid() {
        let rows = [ReportScene.task(60, "a", resident: 500), ReportScene.task(61, "b", resident: 400)]
        #expect(ReportedBadness(of: Self.report("6.1.0", [])).limitation == .noTable)
        var cut = Self.report("6.1.0", rows)
        cut.tasks.isComplete = false
        #expect(ReportedBadness(of: cut).limitation == .tableCut)
        #expect(ReportedBadness(of: Self.report("2.6.24", rows)).limitation != nil)
        #expect(ReportedBadness(of: Self.report("6.1.0", rows, scope: .mempolicy)).limitation == .nodesUnknown)
        var asker = Self.report("6.1.0", rows)
        asker.quotes.kill = ReportScene.line(9, "Out of memory (oom_kill_allocating_task): Killed process 61 (b) total-vm:1kB")
        #expect(ReportedBadness(of: asker).limitation == .invokerKilled)
        let close = [ReportScene.task(60, "a", resident: 500), ReportScene.task(61, "b", resident: 499)]
        #expect(ReportedBadness(of: Self.report("6.1.0", close)).limitation == .tooClose)
        let exempt = [ReportScene.task(60, "a", resident: 500, adjustment: -1000)]
        #expect(ReportedBadness(of: Self.report("6.1.0", exempt)).limitation == .allExempt)
    }

    /// Adjustments that differ weigh by a total which a cut report does not show.
    @Test func anUnknownTotalMayDecide() {
        var report = Self.report(
            "6.1.0", [ReportScene.task(70, "a", resident: 500), ReportScene.task(71, "b", resident: 1, adjustment: 100)])
        report.totals.ram = nil
        report.swap = nil
        #expect(ReportedBadness(of: report).limitation == .totalUnknown)
    }
}
