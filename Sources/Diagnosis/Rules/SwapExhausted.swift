import Kernel

/// Swap was there and is full: processes' memory had nowhere to go.
enum SwapExhausted {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard let confidence = confidence(facts) else { return nil }
        var verdict = Verdict(.swapExhausted, confidence, because: because(facts))
        verdict.deniedBy = facts.zones?.isDry == true ? facts.watermarkDenial() : nil
        verdict.evidence =
            facts.swapEvidence + facts.zoneEvidence(limit: 4) + [facts.anonymousEvidence, facts.cacheEvidence].compactMap { $0 }
        verdict.remedies = ProcessMemoryRemedies(facts: facts).all
        return verdict
    }

    private static func confidence(_ facts: ReportFacts) -> Confidence? {
        guard let swap = facts.report.swap else { return isUsed(facts) && facts.zones?.isDry == true ? .possible : nil }
        guard facts.swapIsFull, facts.isPlausiblyFull else { return nil }
        if facts.isProof, swap.free.thousandths(of: swap.total) <= 10 { return .certain }
        return facts.isNotDry ? .possible : .likely
    }

    /// The lines that tell are cut off, but something is swapped out: what has room is used before anybody is killed.
    private static func isUsed(_ facts: ReportFacts) -> Bool {
        facts.report.tasks.rows.contains { ($0.swapped ?? .zero) > .zero } || (facts.report.totals.swapCache ?? .zero) > .zero
    }

    private static func because(_ facts: ReportFacts) -> String {
        guard let swap = facts.report.swap else {
            return
                "processes' memory had filled RAM and, it seems, swap: some of it was swapped out, but the log does not show how much room was left"
        }
        return
            "processes' memory had filled RAM and then all \(swap.total.words) of swap (\(max(swap.free, .zero).words) of it were left)"
    }
}

extension ReportFacts {
    /// The zones are dry, or only a little above: they are read after the fact, and a kill may have freed some. True where
    /// none is printed.
    var isPlausiblyFull: Bool {
        guard let zones, !zones.isDry else { return zones != nil || report.zones.isEmpty }
        guard let excess = zones.excess else { return true }
        return Bytes(excess, of: pageSize).thousandths(of: use.sum) < 10
    }

    /// A zone above the request's own is there, and nothing tells what it held.
    var hasUnknownZone: Bool {
        guard let zones, zones.hidden == nil, zones.reach.highestZone <= .normal, zones.forbidden.isEmpty,
            let column = zones.reach.column(in: zones.types)
        else { return false }
        return report.zones.contains { zone in zone.protection.dropFirst(column + 1).contains { $0 > zone.protection[column] } }
    }
}
