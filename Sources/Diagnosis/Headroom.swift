public import Kernel

/// What one zone can give to one kind of request: now, and with everything returned that reclaim can return.
///
/// Kernel: mm/page_alloc.c, `__zone_watermark_ok()` for a single page, and `should_reclaim_retry()`, the kernel's own
/// question before it kills. `boost` is inside min already.
public struct Headroom: Hashable, Sendable {
    public let request: AllocationRequest
    /// free (less CMA where the request may not use it, less highatomic) − min − protection. More than 0: it can be served.
    public let now: Pages
    /// The same with the file pages, and the anonymous ones as far as swap has room; nil where the kernel does not tell
    /// file pages from anonymous ones, or the free swap is unknown.
    public let margin: Pages?
    /// What the request must leave here for those that can use no higher zone.
    public let protection: Pages

    /// - Returns: nil where the request may not use the zone, or the zone is empty.
    public init?(of zone: Zone, for request: AllocationRequest, types: ZoneTypes, swapFree: Pages?) {
        guard zone.isPopulated, let type = zone.type, request.mayUse(type), let column = types.column(of: request) else {
            return nil
        }
        self.request = request
        protection = zone.protection(at: column)
        now = zone.usable(by: request) - zone.watermarks.min - protection
        margin = Self.reclaimable(in: zone, swapFree: swapFree).map { [now] in now + $0 }
    }

    /// Kernel: mm/vmscan.c, `zone_reclaimable_pages()`.
    private static func reclaimable(in zone: Zone, swapFree: Pages?) -> Pages? {
        guard let lists = zone.reclaimable, let swapFree else { return nil }
        return lists.file + min(lists.anonymous, swapFree)
    }
}

extension Zone {
    /// The free pages that a request of this kind may take at all. Highatomic is unknown before 6.19 and then not taken off.
    func usable(by request: AllocationRequest) -> Pages {
        let withoutCMA = request.mayUseCMA ? free : free - (freeCMA ?? .zero)
        return withoutCMA - (freeHighatomic ?? .zero)
    }

    /// 0 where this kernel has fewer columns for the zone, as for an empty one in 5.8.
    func protection(at column: Int) -> Pages { protection.indices.contains(column) ? protection[column] : .zero }
}
