public import Kernel

extension OOMDiagnosis {
    /// Names the cause of what a report tells; `unknown` where its facts do not decide.
    ///
    /// The rules are asked in turn, what the kernel says outright before what its arithmetic shows, and that before what
    /// memory was full of. The last one always has an answer.
    public init(of report: OOMReport) {
        let facts = ReportFacts(of: report)
        let verdict = Self.verdict(facts)
        self.init(
            cause: verdict.cause, confidence: verdict.confidence, summary: facts.summary(verdict), deniedBy: verdict.deniedBy,
            filledBy: verdict.fillings ?? facts.use.fillings, evidence: verdict.evidence + facts.choiceEvidence,
            remedies: verdict.remedies, zones: facts.zones?.verdicts ?? report.zones.compactMap(ZoneVerdict.init(unjudged:)))
    }

    private static func verdict(_ facts: ReportFacts) -> Verdict {
        for rule in rules {
            if let verdict = rule(facts) { return verdict }
        }
        return Undecided.verdict(facts)
    }

    private static var rules: [(ReportFacts) -> Verdict?] {
        [
            UserspaceDecision.verdict, PanicOnOOM.verdict, ManualKill.verdict, WorkingSetTTL.verdict, MemcgLimit.verdict,
            NodesExhausted.verdict, PanicWithoutVictim.verdict, Undecided.withoutContext, Fragmentation.verdict,
            ZoneExhausted.verdict, HugepagesReserved.verdict, KernelUnreclaimable.ofFailure, Undecided.momentary,
            KernelUnreclaimable.verdict, SharedMemory.verdict, SwapExhausted.verdict, MemoryExhausted.verdict,
        ]
    }
}

extension ZoneVerdict {
    /// A zone of a report whose request is not known.
    init?(unjudged zone: ReportedZone) {
        guard let free = zone.free else { return nil }
        self.init(
            node: zone.node, name: zone.name, free: free, min: zone.min, high: zone.high, managed: zone.managed ?? zone.present)
    }
}
