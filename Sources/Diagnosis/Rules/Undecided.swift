import Kernel

/// The facts do not decide. A confident wrong cause is worse than none.
enum Undecided {
    static func verdict(_ facts: ReportFacts) -> Verdict {
        var verdict = make(facts, because: missing(facts))
        verdict.isUnexplained = true
        return verdict
    }

    /// `pagefault_out_of_memory()`: the machine's zones have nothing to do with it.
    static func withoutContext(_ facts: ReportFacts) -> Verdict? {
        guard facts.report.request?.isWithoutContext == true, let free = facts.freeAboveHigh, free > .zero else { return nil }
        return make(
            facts,
            because:
                "a page fault was told to fail, often by a memory cgroup that was out of memory a moment before; the machine itself "
                + "had \(Bytes(free, of: facts.pageSize).words) free above its high watermark")
    }

    /// A request of one page that failed without a kill: reclaim was too slow for it, or it might not wait.
    static func momentary(_ facts: ReportFacts) -> Verdict? {
        guard facts.report.kind == .allocationFailure else { return nil }
        guard facts.order == Order(0), facts.zones != nil else {
            return verdict(facts)
        }
        return make(
            facts,
            because:
                "free memory had dipped below what must stay free for such a request; it could not wait for reclaim, and nothing was killed, "
                + "so that the log does not prove a lasting shortage")
    }

    private static func make(_ facts: ReportFacts, because: String) -> Verdict {
        var verdict = Verdict(.unknown, .possible, because: because)
        verdict.deniedBy = facts.zones?.isBelowMin == true ? facts.watermarkDenial() : nil
        let header = LogEvidence("what was asked for", facts.report.quotes.header)
        let kill = LogEvidence("who was killed", facts.report.quotes.kill)
        verdict.evidence = [header, kill].compactMap { $0 } + facts.zoneEvidence(limit: 3) + facts.swapEvidence
        verdict.remedies = UndecidedRemedies.all(facts)
        return verdict
    }

    private static func missing(_ facts: ReportFacts) -> String {
        if facts.report.zones.isEmpty { return "the counters of memory that the kernel prints with a report are not in it" }
        if facts.zones == nil || facts.zones?.isDry == false {
            return "by the zones that are printed the request could have been served"
        }
        return "the zones were short of free memory, but no counter that is there shows what filled them"
    }
}
