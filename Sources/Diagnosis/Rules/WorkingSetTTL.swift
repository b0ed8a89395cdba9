import Kernel

/// The multi-generation LRU could not keep the working set as long as min_ttl_ms asks, so kswapd called the killer.
///
/// Kernel: mm/vmscan.c, `lru_gen_age_node()`; since 6.1. Nobody's request failed, so memory may be free above min. kswapd
/// never calls the killer otherwise: it may use the reserves.
enum WorkingSetTTL {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard let invoker = facts.report.invoker, isThread(invoker, in: facts), facts.report.kind != .allocationFailure else {
            return nil
        }
        if let version = facts.era.version, version < KernelVersion(6, 1) { return nil }
        var verdict = Verdict(
            .workingSetTTL, facts.era.version == nil ? .likely : .certain,
            because: "memory in use could not be kept for as long as lru_gen/min_ttl_ms asks: \(invoker.comm.text), the kernel's "
                + "reclaim thread, rather killed than took pages that were used a moment ago")
        verdict.deniedBy = DeniedBy(.workingSetTTL)
        verdict.evidence =
            [
                LogEvidence(
                    "the kernel's own reclaim thread called the killer, not a request for memory", facts.report.quotes.header)
            ]
            .compactMap { $0 } + facts.zoneEvidence(limit: 3) + facts.swapEvidence
        verdict.remedies = WorkingSetRemedies.all(facts)
        return verdict
    }

    /// `kswapd0` with GFP_KERNEL for a page; a program may take that name, but then it is in the task table.
    private static func isThread(_ invoker: OOMReport.Invoker, in facts: ReportFacts) -> Bool {
        let name = invoker.comm.bytes
        guard name.starts(with: "kswapd".utf8), name.count > 6, name.dropFirst(6).allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return false
        }
        guard (facts.report.request?.order ?? 0) == 0, (facts.report.request?.kind ?? .kernel) == .kernel else { return false }
        return !facts.report.tasks.rows.contains { $0.processID == invoker.processID }
    }
}
