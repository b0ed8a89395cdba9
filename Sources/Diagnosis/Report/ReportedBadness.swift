public import Kernel

/// Whom the kernel compared, and how: the badness of every row of a report's task table, by the formula of its era.
///
/// Kernel: mm/oom_kill.c, `oom_badness()` and `select_bad_process()`. The rows are counted a moment before the choice.
public struct ReportedBadness: Hashable, Sendable {
    /// Those that could be chosen, the worst first.
    public let ranking: [Candidate]
    /// Why the first of them need not be the one that was chosen; nil where the table decides.
    public let limitation: Limitation?

    public struct Candidate: Hashable, Sendable {
        public let task: TaskTable.Task
        public let badness: Badness
    }

    public enum Limitation: String, CaseIterable, Hashable, Sendable {
        case noTable = "no_table"
        case tableCut = "table_cut"
        /// Up to 2.6.35 run times and children counted, which no report has.
        case formulaNeedsRunTimes = "formula_needs_run_times"
        /// Up to 3.5 no column shows what of a process is swapped.
        case swapUnknown = "swap_unknown"
        /// vm.oom_kill_allocating_task: nobody was compared with anybody.
        case invokerKilled = "invoker_killed"
        /// Only processes that may use the same nodes were compared, and the table does not tell which those are.
        case nodesUnknown = "nodes_unknown"
        /// The adjustments weigh by a total that the report does not show.
        case totalUnknown = "total_unknown"
        /// The first two are nearer to each other than the counters are exact.
        case tooClose = "too_close"
        /// Every process is exempt.
        case allExempt = "all_exempt"
    }

    public init(of report: OOMReport) {
        let pageSize = PageSize(of: report) ?? .fourKiB
        let formula = RowFormula(of: report, pageSize: pageSize)
        let totals = BadnessTotals(of: report, pageSize: pageSize)
        ranking = formula.ranking(of: report.tasks.rows, total: totals.least)
        limitation = Self.limitation(of: report, formula, totals, ranking)
    }

    /// Whom the table says to have been chosen; nil where it does not decide.
    public var predicted: TaskTable.Task? { limitation == nil ? ranking.first?.task : nil }

    /// Where a process stands in the order, from 1.
    public func rank(of process: ProcessID) -> Int? {
        ranking.firstIndex { $0.task.processID == process || $0.task.threadGroup == process }.map { $0 + 1 }
    }
}

extension ReportedBadness {
    private static func limitation(
        of report: OOMReport, _ formula: RowFormula, _ totals: BadnessTotals, _ ranking: [Candidate]
    ) -> Limitation? {
        if report.isAllocatingTaskKilled { return .invokerKilled }
        guard !report.tasks.rows.isEmpty else { return .noTable }
        guard report.tasks.isComplete, report.tasks.omitted == 0 else { return .tableCut }
        if formula.rule == .beforeTheRewrite { return .formulaNeedsRunTimes }
        if formula.rule == .perMille, report.swap?.total != .zero { return .swapUnknown }
        guard let first = ranking.first else { return .allExempt }
        if report.scope == .cpuset || report.scope == .mempolicy { return .nodesUnknown }
        return closeness(first, ranking, formula, totals, report.tasks.rows)
    }

    private static func closeness(
        _ first: Candidate, _ ranking: [Candidate], _ formula: RowFormula, _ totals: BadnessTotals, _ rows: [TaskTable.Task]
    ) -> Limitation? {
        if let most = totals.most, formula.ranking(of: rows, total: most).first?.task != first.task { return .totalUnknown }
        guard ranking.count > 1, ranking[1].badness != first.badness else { return nil }
        return first.badness.pages - ranking[1].badness.pages < counterError ? .tooClose : nil
    }

    /// Since 6.2 a process's counters are sums over CPUs, read without the parts that lie in the CPUs: a batch each.
    private static let counterError = Pages(8)
}

extension OOMReport {
    /// The message of both kill lines, of one since 5.1.
    var isAllocatingTaskKilled: Bool {
        [quotes.kill, quotes.choice].contains { $0?.text.contains("(oom_kill_allocating_task)") ?? false }
    }
}
