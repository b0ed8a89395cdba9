import Kernel

/// Processes' memory filled RAM, and there was no swap for it to go to.
enum MemoryExhausted {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard let confidence = confidence(facts) else { return nil }
        var verdict = Verdict(.memoryExhausted, confidence, because: because(facts))
        verdict.deniedBy = facts.zones?.isDry == true ? facts.watermarkDenial() : nil
        verdict.evidence =
            facts.zoneEvidence(limit: 4) + [facts.anonymousEvidence, facts.cacheEvidence].compactMap { $0 } + facts.swapEvidence
            + [facts.ramEvidence].compactMap { $0 }
        verdict.remedies = ProcessMemoryRemedies(facts: facts).all
        return verdict
    }

    private static func confidence(_ facts: ReportFacts) -> Confidence? {
        if facts.report.zones.isEmpty { return withoutZones(facts) }
        guard let zones = facts.zones, !zones.hasMissing, facts.isPlausiblyFull, isMostlyProcesses(facts) else { return nil }
        guard zones.isDry, facts.hasNoSwap else { return .possible }
        return facts.isProof && facts.use.isWholeLists && facts.use.share(facts.use.processes) >= 500 ? .certain : .likely
    }

    private static func isMostlyProcesses(_ facts: ReportFacts) -> Bool {
        let processes = facts.use.processes + facts.use["shmem"]
        guard processes > .zero else { return false }
        return facts.use.share(processes) >= 400 && processes > facts.use["page_cache"]
    }

    /// No swap, and processes, or one victim alone, had most of the memory.
    private static func withoutZones(_ facts: ReportFacts) -> Confidence? {
        guard facts.hasNoSwap, facts.knowsPageSize, let whole = facts.use.whole else { return nil }
        let victims = facts.report.victims.reduce(Bytes.zero) { $0 + ($1.memory.anonymous ?? .zero) }
        return max(victims, facts.use.processes).thousandths(of: whole) >= 600 ? .likely : nil
    }

    private static func because(_ facts: ReportFacts) -> String {
        let held = facts.use.processes + (facts.use.processes < facts.use["shmem"] ? facts.use["shmem"] : .zero)
        let amount = held > .zero ? ": \(held.words)\(facts.shareWords(held))" : ""
        let swap =
            facts.hasNoSwap
            ? ", and there is no swap" : facts.report.swap.map { ", though \($0.free.words) of swap were free" } ?? ""
        return "processes' own memory had filled RAM\(amount)\(swap)"
    }
}
