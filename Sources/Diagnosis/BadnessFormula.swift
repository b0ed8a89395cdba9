public import Kernel

/// How a kernel computes badness: of the whole machine, or by the total of a cgroup or of some nodes.
///
/// Kernel: mm/oom_kill.c, `oom_badness()`, and fs/proc/base.c, `proc_oom_score()`. Since 3.6; what was before compared
/// thousandths (2.6.36) or virtual sizes and run times (2.4), which cannot be had from here.
public struct BadnessFormula: Hashable, Sendable {
    /// What adjustments are thousandths of. For the whole machine RAM and swap, `MemTotal` and `SwapTotal` of meminfo.
    public let totalPages: Pages
    public let pageSize: PageSize
    public let kernel: KernelVersion

    /// Nil for kernels before 3.6.
    public init?(memory: Bytes, swap: Bytes, pageSize: PageSize, kernel: KernelVersion) {
        let pages = bounded(Pages(memory, of: pageSize)) + bounded(Pages(swap, of: pageSize))
        self.init(total: Pages(pages), pageSize: pageSize, kernel: kernel)
    }

    /// Nil for kernels before 3.6.
    public init?(total: Pages, pageSize: PageSize, kernel: KernelVersion) {
        guard kernel >= KernelVersion(3, 6) else { return nil }
        totalPages = Pages(bounded(total))
        self.pageSize = pageSize
        self.kernel = kernel
    }

    /// Nil where meminfo could not be read, and for kernels before 3.6.
    public init?(of snapshot: Snapshot, kernel: KernelVersion) {
        guard let memInfo = snapshot.memInfo.value else { return nil }
        self.init(memory: memInfo.total, swap: memInfo.swapTotal, pageSize: snapshot.pageSize, kernel: kernel)
    }

    /// Nil for a process that is never chosen: exempt, without memory, or the first of all.
    ///
    /// The kernel also passes over one in the middle of `vfork()` and one whose memory it has reaped; neither is to be seen.
    public func badness(of process: ProcessStatus, adjustment: OOMScoreAdjustment) -> Badness? {
        terms(of: process, adjustment: adjustment)?.badness
    }

    /// What the badness is the sum of. Nil as for `badness`.
    public func terms(of process: ProcessStatus, adjustment: OOMScoreAdjustment) -> BadnessTerms? {
        guard let memory = process.memory, process.process != Self.globalInit, adjustment != .exempt else { return nil }
        var terms = BadnessTerms(
            resident: pages(memory.resident), swapped: pages(memory.swapped), pageTables: pages(memory.pageTables),
            isSigned: kernel >= Self.signedSince)
        var thousandths = adjustment.rawValue
        switch process.effectiveCapabilities.contains(.sysAdmin) ? rootBonus : .none {
        case .none: break
        case .ofSize: terms.rootBonus = Pages(-(terms.size.count * 3 / 100))
        case .ofTotal: thousandths -= 30
        }
        // The quotient first: below 1,000 pages in all an adjustment has no weight.
        terms.adjustment = Pages(thousandths * (totalPages.count / 1000))
        return terms
    }

    /// What /proc/<pid>/oom_score shows for it; 0 for a process that is never chosen.
    public func oomScore(of badness: Badness?) -> Int {
        guard let badness, totalPages > .zero else { return 0 }
        let perMille = badness.pages.count * 1000 / totalPages.count
        return kernel >= Self.signedSince ? (1000 + perMille) * 2 / 3 : perMille
    }

    /// Of two with the same badness: the one the kernel comes to later (since 5.3) or first. It walks them as they were born,
    /// of which the pid is a fair sign until the numbers wrap.
    public var laterDiesOfEquals: Bool { kernel >= KernelVersion(5, 3) }

    private static let globalInit = ProcessID(1)
    private static let signedSince = KernelVersion(5, 9)
}

extension BadnessFormula {
    private enum RootBonus { case none, ofSize, ofTotal }

    private var rootBonus: RootBonus {
        if kernel >= KernelVersion(4, 17) { return .none }
        return kernel >= KernelVersion(3, 13, 10) ? .ofSize : .ofTotal
    }

    private func pages(_ bytes: Bytes?) -> Pages { Pages(bytes.map { bounded(Pages($0, of: pageSize)) } ?? 0) }
}

/// No machine has so many pages, and a thousand times them can still be counted: a torn file cannot make the sums overflow.
private func bounded(_ pages: Pages) -> Int { min(max(pages.count, 0), 1 << 50) }
