/// Why a request for memory failed, on what evidence, and what to change.
public struct OOMDiagnosis: Hashable, Sendable {
    public let cause: Cause
    public let confidence: Confidence
    /// One paragraph for a person: `postgres (4711) was killed because …`.
    public let summary: String
    /// The test that the request failed; nil where the log does not decide it.
    public let deniedBy: DeniedBy?
    /// What the memory was full of, largest first.
    public let filledBy: [Filling]
    public let evidence: [LogEvidence]
    /// In the order of their worth for this cause on this machine.
    public let remedies: [Remedy]
    /// Every zone against this request, those derived that the log does not print; empty where it has none.
    public let zones: [ZoneVerdict]

    public init(
        cause: Cause, confidence: Confidence, summary: String, deniedBy: DeniedBy? = nil, filledBy: [Filling] = [],
        evidence: [LogEvidence] = [], remedies: [Remedy] = [], zones: [ZoneVerdict] = []
    ) {
        self.cause = cause
        self.confidence = confidence
        self.summary = summary
        self.deniedBy = deniedBy
        self.filledBy = filledBy
        self.evidence = evidence
        self.remedies = remedies
        self.zones = zones
    }
}

/// The headline.
public enum Cause: String, CaseIterable, Hashable, Sendable {
    /// A zone that the request could use is dry while another, that it could not use, is not.
    case zoneExhausted = "zone_exhausted"
    /// Enough pages are free, but no block of the order.
    case fragmentation
    case memoryExhausted = "memory_exhausted"
    /// Swap was there and is full.
    case swapExhausted = "swap_exhausted"
    case memcgLimit = "memcg_limit"
    case cpusetOrMempolicy = "cpuset_or_mempolicy"
    case hugepagesReserved = "hugepages_reserved"
    /// Slab, page tables, or memory that no counter shows.
    case kernelUnreclaimable = "kernel_unreclaimable"
    case shmem
    /// The multi-generation LRU with min_ttl_ms: kswapd kills rather than reclaim what is in use.
    case workingSetTTL = "working_set_ttl"
    case manual
    case panic
    /// The facts do not decide.
    case unknown
}

public enum Confidence: String, CaseIterable, Hashable, Sendable {
    case certain, likely, possible
}
