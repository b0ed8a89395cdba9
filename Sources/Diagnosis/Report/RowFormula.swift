import Kernel

/// How the kernel of a report computes badness from what a row of its task table shows.
///
/// Kernel: mm/oom_kill.c, `oom_badness()`.
struct RowFormula {
    let rule: Rule
    /// Since 5.3 the later of two equals dies, before the first.
    private let laterDies: Bool
    private let pageSize: PageSize

    enum Rule: Hashable {
        /// Virtual size, run time, children: none of it can be had from a report.
        case beforeTheRewrite
        /// 2.6.36 to 3.5: thousandths of all memory.
        case perMille
        /// 3.6 to 4.16, root's processes count less: by 30 thousandths of all memory.
        case pagesRootByTotal
        /// … by three hundredths of their own size.
        case pagesRootBySize
        /// 4.17 to 5.8: at least 1.
        case pages
        /// Since 5.9.
        case signed
    }

    init(of report: OOMReport, pageSize: PageSize) {
        let version = report.release.flatMap(KernelVersion.init(release:))
        rule = Self.isOld(version, report) ? .beforeTheRewrite : version.map(Self.rule) ?? Self.rule(byColumnsOf: report)
        laterDies = version.map { $0 >= KernelVersion(5, 3) } ?? (rule == .signed)
        self.pageSize = pageSize
    }

    /// Before 2.6.36 there was no column `oom_score_adj`; Red Hat's 2.6.32 has it, and the formula that goes with it.
    private static func isOld(_ version: KernelVersion?, _ report: OOMReport) -> Bool {
        if let version, version < KernelVersion(2, 6, 32) { return true }
        guard version.map({ $0 < KernelVersion(2, 6, 36) }) ?? true, let header = report.tasks.line?.text else { return false }
        return header.contains("oom_adj") && !header.contains("oom_score_adj")
    }

    private static func rule(of version: KernelVersion) -> Rule {
        switch version {
        case ..<KernelVersion(3, 6): .perMille
        case ..<KernelVersion(3, 13, 10): .pagesRootByTotal
        case ..<KernelVersion(4, 17): .pagesRootBySize
        case ..<KernelVersion(5, 9): .pages
        default: .signed
        }
    }

    /// Where the release is cut off: `nr_ptes` is of 3.6 to 4.14, `pgtables_bytes` came in 4.15.
    private static func rule(byColumnsOf report: OOMReport) -> Rule {
        guard let row = report.tasks.rows.first else { return .signed }
        if row.pageTablePages != nil { return .pagesRootBySize }
        return row.pageTables == nil ? .perMille : .signed
    }

    /// The worst first; those that are never chosen left out.
    func ranking(of rows: [TaskTable.Task], total: Pages) -> [ReportedBadness.Candidate] {
        guard rule != .beforeTheRewrite else { return [] }
        let candidates = rows.compactMap { task in
            badness(of: task, total: total).map { ReportedBadness.Candidate(task: task, badness: $0) }
        }
        return (laterDies ? candidates.reversed() : candidates).stablySorted()
    }

    private func badness(of task: TaskTable.Task, total: Pages) -> Badness? {
        guard task.scoreAdjustment != -1000, (task.threadGroup ?? task.processID).rawValue != 1 else { return nil }
        var points = bounded(task.resident) + bounded(task.swapped)
        if rule != .perMille { points += pageTables(of: task) }
        var adjustment = min(max(task.scoreAdjustment ?? 0, -1000), 1000)
        if task.userID == 0, rule == .perMille || rule == .pagesRootByTotal { adjustment -= 30 }
        if task.userID == 0, rule == .pagesRootBySize { points -= points * 3 / 100 }
        if rule == .perMille { return perMille(points, adjustment, total) }
        // The quotient first: below 1,000 pages in all an adjustment has no weight.
        points += adjustment * (bounded(total) / 1000)
        return Badness(Pages(rule == .signed ? points : max(points, 1)))
    }

    /// Compared as thousandths; told as pages of the total.
    private func perMille(_ points: Int, _ adjustment: Int, _ total: Pages) -> Badness {
        let whole = max(bounded(total), 1)
        let score = min(max(points * 1000 / whole + adjustment, 1), 1000)
        return Badness(Pages(score * whole / 1000))
    }

    private func pageTables(of task: TaskTable.Task) -> Int {
        if let bytes = task.pageTables { return bounded(Pages(bytes, of: pageSize)) }
        return bounded(task.pageTablePages)
    }
}

/// No machine has so many pages, and a thousand times them can still be counted.
private func bounded(_ pages: Pages?) -> Int { min(max(pages?.count ?? 0, 0), 1 << 50) }

extension [ReportedBadness.Candidate] {
    /// The greatest first; of equals the one that stood first.
    fileprivate func stablySorted() -> [ReportedBadness.Candidate] {
        enumerated().sorted { a, b in
            a.element.badness == b.element.badness ? a.offset < b.offset : b.element.badness < a.element.badness
        }.map(\.element)
    }
}

/// What an adjustment is a share of. Kernel: mm/oom_kill.c, `constrained_alloc()`.
struct BadnessTotals {
    let least: Pages
    /// Another that is as possible; nil where the first is known.
    let most: Pages?

    init(of report: OOMReport, pageSize: PageSize) {
        if report.scope == .memcg {
            let limit = report.memcg?.memory?.limit ?? .zero
            let swap = report.memcg?.swap?.limit ?? report.memcg?.memoryAndSwap?.limit.map { max($0 - limit, .zero) }
            least = Pages(limit + (swap ?? .zero), of: pageSize)
            most = swap == nil || limit == .zero ? Pages(limit + limit + Bytes(kibibytes: 1 << 26), of: pageSize) : nil
        } else {
            let swap = report.swap.map { Pages($0.total, of: pageSize) }
            let owned = report.totals.ram.map { $0 - (report.totals.reserved ?? .zero) }
            let printed = Pages(report.printed { $0.managed ?? $0.present }, of: pageSize)
            least = (owned ?? printed) + (swap ?? .zero)
            most = owned == nil || swap == nil ? least + least + Pages(1 << 24) : nil
        }
    }
}
