public import Kernel

/// How far one kind of request is from failing, over all zones that it may use.
public struct RequestMargin: Hashable, Sendable {
    public let request: AllocationRequest
    /// The node whose zone is best for it.
    public let node: Int
    /// The best of its zones; 0 or less: nothing is left to serve it with. nil where no zone's margin is known.
    public let margin: Pages?
    /// What follows when a single page cannot be had.
    public let consequence: FailureConsequence

    /// - Returns: nil where the request may use no zone that holds memory.
    init?(_ request: AllocationRequest, in zones: [ZoneAssessment]) {
        var best: (node: Int, headroom: Headroom)?
        for index in zones.indices {
            guard let next = zones[index].headroom[request] else { continue }
            if let known = best?.headroom, (next.margin ?? next.now) <= (known.margin ?? known.now) { continue }
            best = (zones[index].zone.id.node, next)
        }
        guard let best else { return nil }
        self.request = request
        node = best.node
        margin = best.headroom.margin
        consequence = FailureConsequence(of: request, order: Order(0))
    }
}

/// What the kernel does when a request cannot be met.
///
/// Kernel: mm/page_alloc.c, `__alloc_pages_may_oom()`.
public enum FailureConsequence: String, CaseIterable, Sendable {
    /// The OOM killer ends a process.
    case oomKill = "oom_kill"
    /// The caller gets nothing; the log has "page allocation failure".
    case allocationFailure = "allocation_failure"
    /// The caller waits and tries again, and nobody is killed for it.
    case stall

    /// The kernel kills for orders up to 3 and for requests that may use Normal or more; it "does not needlessly kill
    /// tasks for lowmem". A request that may not enter file systems (GFP_NOFS) only waits.
    public init(of request: AllocationRequest, order: Order, mayEnterFileSystem: Bool = true) {
        if order > .costly || request.highestZone < .normal {
            self = .allocationFailure
        } else {
            self = mayEnterFileSystem ? .oomKill : .stall
        }
    }
}
