public import Kernel

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

/// The kernel's test that said no. What the log does not tell is nil.
public struct DeniedBy: Hashable, Sendable {
    public let test: Test
    public var node: Int?
    public var zone: String?
    /// The watermark that was not met: `min`, `high`.
    public var watermark: String?
    public var order: Int?
    /// What the request could have used.
    public var free: Bytes?
    /// What there would have to be.
    public var needed: Bytes?
    /// The group whose limit was reached, and which of its limits: `memory`, `memory+swap`, `swap`, `kmem`.
    public var cgroup: CgroupPath?
    public var limitName: String?
    public var usage: Bytes?
    public var limit: Bytes?
    /// The nodes left to the request: `0-1`.
    public var nodes: String?

    public init(_ test: Test) { self.test = test }

    public enum Test: String, CaseIterable, Hashable, Sendable {
        /// Free memory did not exceed the watermark and the protection. Kernel: `__zone_watermark_ok()`.
        case watermark
        /// Enough was free, but no block of the order on a list that the request may use.
        case order
        case cgroupLimit = "cgroup_limit"
        /// A cpuset or a memory policy leaves only these nodes.
        case nodes
        case workingSetTTL = "working_set_ttl"
        /// SysRq f: nothing was denied.
        case sysrq
        /// A userspace killer's own limit.
        case userspace
    }
}

/// A part of what the memory was full of.
public struct Filling: Hashable, Sendable {
    /// `anonymous`, `page_cache`, `shmem`, `slab_unreclaimable`, `page_tables`, `kernel_stacks`, `huge_pages`, `unaccounted`.
    public let what: String
    public let bytes: Bytes
    /// Of the whole, 0 to 1000.
    public let thousandths: Int

    public init(what: String, bytes: Bytes, thousandths: Int) {
        self.what = what
        self.bytes = bytes
        self.thousandths = thousandths
    }
}

/// A statement and the words of the log that it stands on.
public struct LogEvidence: Hashable, Sendable {
    public let claim: String
    /// The line of the input; nil where it is no log.
    public let line: Int?
    /// `kmsg`, a file of /proc; nil for the log that was given.
    public let source: String?
    /// The log's own numbers in the log's own units.
    public let quote: String

    public init(claim: String, line: Int?, source: String? = nil, quote: String) {
        self.claim = claim
        self.line = line
        self.source = source
        self.quote = quote
    }
}

/// What to change.
public struct Remedy: Hashable, Sendable {
    public let title: String
    /// What it does for this cause, with this report's numbers.
    public let why: String
    /// The exact command with a computed value; nil where there is none.
    public let command: String?
    public let risk: String

    public init(title: String, why: String, command: String?, risk: String) {
        self.title = title
        self.why = why
        self.command = command
        self.risk = risk
    }
}

/// One zone as `__zone_watermark_ok()` sees it for one request.
public struct ZoneVerdict: Hashable, Sendable {
    public let node: Int?
    public let name: String
    public let free: Bytes
    public let min: Bytes?
    public let high: Bytes?
    public let managed: Bytes?
    /// What the request must leave here for others; nil where the log has no reserve, or the request is not known.
    public let protection: Bytes?
    /// Free, less CMA and highatomic where the request may not take them.
    public let usable: Bytes?
    /// The request's zones; nil where the request is not known.
    public let isAllowed: Bool?
    /// True where the log does not print the zone: its free memory is what the totals have more than the printed zones.
    public let isDerived: Bool
    /// Usable memory exceeds min and the protection (and a block of the order is free); nil where not known.
    public let canServe: Bool?

    public init(
        node: Int?, name: String, free: Bytes, min: Bytes? = nil, high: Bytes? = nil, managed: Bytes? = nil,
        protection: Bytes? = nil, usable: Bytes? = nil, isAllowed: Bool? = nil, isDerived: Bool = false, canServe: Bool? = nil
    ) {
        self.node = node
        self.name = name
        self.free = free
        self.min = min
        self.high = high
        self.managed = managed
        self.protection = protection
        self.usable = usable
        self.isAllowed = isAllowed
        self.isDerived = isDerived
        self.canServe = canServe
    }
}
