import Kernel

/// The kernel's own memory filled RAM: slab, page tables, stacks, or what no counter shows (sockets, drivers, vmalloc).
/// Killing processes frees little of it.
///
/// Kernel: mm/oom_kill.c, `should_dump_unreclaim_slab()`: the caches are listed when they exceed all lists of pages.
enum KernelUnreclaimable {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard let confidence = confidence(facts) else { return nil }
        let parts = parts(facts)
        guard
            let first = parts.first
                ?? facts.report.slabs.max(by: { $0.total < $1.total }).map({ ("slab_unreclaimable", $0.total) })
        else { return nil }
        var verdict = Verdict(.kernelUnreclaimable, confidence, because: because(facts, first))
        verdict.deniedBy = facts.zones?.isDry == true ? facts.watermarkDenial() : nil
        verdict.evidence = parts.prefix(4).compactMap { evidence($0, facts) } + slabs(facts) + facts.zoneEvidence(limit: 3)
        if let processes = facts.anonymousEvidence { verdict.evidence.append(processes) }
        verdict.remedies = KernelMemoryRemedies(facts: facts, largest: first.0).all
        return verdict
    }

    /// A request that failed without a kill: nothing but a lasting shortage leaves so little for anybody else.
    static func ofFailure(_ facts: ReportFacts) -> Verdict? {
        guard facts.report.kind == .allocationFailure, facts.use.whole != nil else { return nil }
        let counted = parts(facts).filter { $0.0 != "unaccounted" }.reduce(Bytes.zero) { $0 + $1.1 }
        return facts.use.share(counted) >= 600 ? verdict(facts) : nil
    }

    private static func confidence(_ facts: ReportFacts) -> Confidence? {
        guard !facts.isNotDry else { return nil }
        let kernel = parts(facts).reduce(Bytes.zero) { $0 + $1.1 }
        let others = max(facts.use.processes + facts.use["shmem"], facts.use["page_cache"])
        guard facts.use.whole != nil else {
            // Without the size of the machine only a great difference says something; the list of caches says it by itself.
            if !facts.report.slabs.isEmpty { return .likely }
            return facts.use.hasAllLists && kernel.count / 4 > others.count ? .likely : nil
        }
        let share = facts.use.share(kernel)
        if !facts.report.slabs.isEmpty, kernel > others { return share >= 500 && isProof(facts) ? .certain : .likely }
        let isGuess = facts.report.hugePages.isEmpty && parts(facts).first?.0 == "unaccounted"
        guard share >= 350, kernel > others, kernel.count / 3 * 2 > others.count || share >= 500 else { return nil }
        return share >= 500 && kernel.count / 2 > others.count && isProof(facts) ? .certain : isGuess ? .possible : .likely
    }

    /// Without the huge pages' lines what no counter shows may be those.
    private static func isProof(_ facts: ReportFacts) -> Bool {
        facts.isProof && !facts.report.hugePages.isEmpty && !facts.hasUnknownZone
    }

    /// Largest first. What swap in RAM (zram) holds is in no counter either: it is not held against the kernel.
    private static func parts(_ facts: ReportFacts) -> [(String, Bytes)] {
        let names = ["slab_unreclaimable", "slab_reclaimable", "slab", "page_tables", "kernel_stacks"]
        var parts = names.compactMap { name in facts.use.parts[name].map { (name, $0) } }
        if let unaccounted = facts.use.unaccounted, !mayBeCompressedSwap(unaccounted, facts) {
            parts.append(("unaccounted", unaccounted))
        }
        return parts.filter { $0.1 > .zero }.sorted { $1.1 < $0.1 }
    }

    private static func mayBeCompressedSwap(_ unaccounted: Bytes, _ facts: ReportFacts) -> Bool {
        guard let swap = facts.report.swap else { return false }
        let used = swap.total - swap.free
        return used > .zero && (unaccounted.count < used.count / 2 || facts.use.share(unaccounted) < 500)
    }

    private static func because(_ facts: ReportFacts, _ largest: (String, Bytes)) -> String {
        let what = Filling(what: largest.0, bytes: largest.1, thousandths: 0).words
        let cache =
            largest.0.hasPrefix("slab")
            ? facts.report.slabs.max { $0.total < $1.total }.map { ", the largest cache being \($0.name) with \($0.total.words)" }
                ?? "" : ""
        let cma =
            facts.use.share(facts.use["free_cma"]) >= 50
            ? "; \(facts.use["free_cma"].words) were free in CMA, which only movable pages may use" : ""
        return
            "the kernel's own memory had filled the machine: \(largest.1.words) \(what)\(facts.shareWords(largest.1))\(cache)\(cma)"
    }

    private static func evidence(_ part: (String, Bytes), _ facts: ReportFacts) -> LogEvidence? {
        let (name, bytes) = part
        guard facts.use.whole == nil || facts.use.share(bytes) >= 20 else { return nil }
        switch name {
        case "unaccounted":
            return LogEvidence(
                "\(bytes.words)\(facts.shareWords(bytes)) are in none of the counters: sockets, drivers, vmalloc",
                facts.report.quotes.totalRAM)
        case "page_tables":
            return facts.counterEvidence(["pagetables"], "\(bytes.words) of page tables\(facts.shareWords(bytes))")
        case "kernel_stacks": return facts.counterEvidence(["kernel_stack"], "\(bytes.words) of kernel stacks")
        default:
            return facts.counterEvidence([name], "\(bytes.words) of the kernel's objects (\(name))\(facts.shareWords(bytes))")
        }
    }

    private static func slabs(_ facts: ReportFacts) -> [LogEvidence] {
        facts.report.slabs.sorted { $1.total < $0.total }.prefix(3).compactMap {
            LogEvidence("cache \($0.name) holds \($0.total.words)", $0.line)
        }
    }
}
