public import Kernel

/// The machine now: which request would fail first, how far it is from failing, what would follow, and why.
///
/// Reclaim is counted as if it gave all that it can, as the kernel does before it kills (`should_reclaim_retry()`), so that a
/// machine full of page cache is well.
public struct MachineDiagnosis: Sendable {
    /// nil where no request's margin is known.
    public let first: RequestMargin?
    /// What is left for it with everything reclaimed; 0 or less: it fails.
    public let margin: Bytes?
    /// The sum of its zones' high watermarks: what the kernel tries to keep; below it the margin is nearly gone.
    public let reserve: Bytes?
    public let isShort: Bool
    /// `unknown` where nothing is short. Its evidence names the files of /proc that it stands on.
    public let explanation: OOMDiagnosis

    public init(of snapshot: Snapshot, assessment: Assessment) {
        let first = Self.first(assessment)
        let size = snapshot.pageSize
        self.first = first
        margin = first?.margin.map { Bytes($0, of: size) }
        reserve = first.map { Bytes(MarginNearlyGone.reserve(for: $0.request, in: assessment.zones), of: size) }
        isShort = first.map { MarginNearlyGone.isNearlyGone($0, in: assessment.zones) } ?? false
        explanation = MachineExplanation(snapshot: snapshot, assessment: assessment, first: first, isShort: isShort).diagnosis
    }

    /// Of the requests that are killed for, the one with the least left. Others fail by themselves and hurt only the asker.
    private static func first(_ assessment: Assessment) -> RequestMargin? {
        assessment.requests.filter { $0.consequence == .oomKill && $0.margin != nil }
            .min { ($0.margin ?? .zero) < ($1.margin ?? .zero) } ?? assessment.requests.first
    }
}

/// The explanation of a machine that has not failed yet.
private struct MachineExplanation {
    let snapshot: Snapshot
    let assessment: Assessment
    let first: RequestMargin?
    let isShort: Bool
    private let facts: ReportFacts?

    init(snapshot: Snapshot, assessment: Assessment, first: RequestMargin?, isShort: Bool) {
        self.snapshot = snapshot
        self.assessment = assessment
        self.first = first
        self.isShort = isShort
        facts = first.map { ReportFacts(of: OOMReport(of: snapshot, assessment: assessment, request: $0.request)) }
    }

    var diagnosis: OOMDiagnosis {
        guard let first, let facts else {
            return OOMDiagnosis(cause: .unknown, confidence: .possible, summary: "the zones of this machine could not be judged.")
        }
        let cause = isShort ? cause(facts) : .unknown
        return OOMDiagnosis(
            cause: cause, confidence: isShort ? .likely : .possible, summary: summary(first, facts, cause),
            deniedBy: denial(first, facts),
            filledBy: facts.use.fillings, evidence: evidence(first), remedies: isShort ? remedies(facts, cause) : [],
            zones: facts.zones?.verdicts ?? [])
    }

    /// What it would be: the same order as for a report, less what only a report can show.
    private func cause(_ facts: ReportFacts) -> Cause {
        if assessment.lowZoneIsDry { return .zoneExhausted }
        let use = facts.use
        if use.share(use.kernel) >= 500, use.kernel > use.processes { return .kernelUnreclaimable }
        if use.share(use["shmem"]) >= 400, use["shmem"] > use.processes { return .shmem }
        return facts.swapIsFull ? .swapExhausted : .memoryExhausted
    }

    private func summary(_ first: RequestMargin, _ facts: ReportFacts, _ cause: Cause) -> String {
        let what = first.request == .user ? "a process's page" : "the kernel's own memory (\(first.request.rawValue) request)"
        let left = first.margin.map { Bytes($0, of: snapshot.pageSize) }
        let amount =
            left.map { "\(max($0, .zero).words) are left for it with everything reclaimed" }
            ?? "how much is left for it is not known"
        let end: String
        switch first.consequence {
        case .oomKill: end = "then the OOM killer ends a process"
        case .allocationFailure: end = "then the asker gets nothing"
        case .stall: end = "then the asker waits"
        }
        guard isShort else { return "nothing is short: a request for \(what) would be the first to fail; \(amount)." }
        return "a request for \(what) is about to fail: \(amount); \(end). \(reason(cause, facts))."
    }

    private func reason(_ cause: Cause, _ facts: ReportFacts) -> String {
        switch cause {
        case .zoneExhausted: "the zones that it may use are nearly dry, while another has memory that it may not use"
        case .kernelUnreclaimable:
            "the kernel's own memory fills the machine: \(facts.use.kernel.words)\(facts.shareWords(facts.use.kernel))"
        case .shmem: "tmpfs files and shared memory fill it: \(facts.use["shmem"].words)\(facts.shareWords(facts.use["shmem"]))"
        case .swapExhausted: "processes' memory fills RAM and swap is full"
        default: "processes' memory fills RAM: \(facts.use.processes.words)\(facts.shareWords(facts.use.processes))"
        }
    }

    /// What would be denied, by the zone that would be asked last.
    private func denial(_ first: RequestMargin, _ facts: ReportFacts) -> DeniedBy? { isShort ? facts.watermarkDenial() : nil }

    private func evidence(_ first: RequestMargin) -> [LogEvidence] {
        let terms = MarginNearlyGone.evidence(for: first.request, assessment.zones, snapshot.pageSize) + Evidence.swap(snapshot)
        return (assessment.findings.flatMap(\.evidence) + terms).reduce(into: []) { kept, term in
            let item = LogEvidence(claim: claim(of: term), line: nil, source: term.source, quote: term.quote)
            if !kept.contains(item) { kept.append(item) }
        }
    }

    private func claim(of term: Evidence) -> String {
        let words = term.value.map { Bytes($0).words } ?? ""
        if term.source == "meminfo" { return "\(words) of swap are free" }
        if term.quote.contains(": min ") { return "\(words) must stay free (min)" }
        if term.quote.contains("protection") { return "\(words) are kept for requests that can use no higher zone" }
        if term.quote.contains("pages free") { return "\(words) are free" }
        if term.quote.contains("file") { return "\(words) of page cache could be dropped" }
        if term.quote.contains("anon") { return "\(words) of processes' memory could go to swap, as far as that has room" }
        return "\(words) that this request may not use"
    }

    private func remedies(_ facts: ReportFacts, _ cause: Cause) -> [Remedy] {
        switch cause {
        case .zoneExhausted:
            guard let zones = facts.zones, let dry = zones.decisive, let other = Plenty(outside: zones, facts) else { return [] }
            return ZoneRemedies(facts: facts, dry: dry, other: other).all
        case .kernelUnreclaimable: return KernelMemoryRemedies(facts: facts, largest: "unaccounted").all
        case .shmem: return SharedMemoryRemedies(facts: facts).all
        default: return ProcessMemoryRemedies(facts: facts).all
        }
    }
}
