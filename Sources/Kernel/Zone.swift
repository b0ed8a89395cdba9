/// One zone: an address range of a NUMA node with free lists and watermarks of its own.
///
/// Kernel: include/linux/mmzone.h, `struct zone`. What a kernel does not print is nil, never 0.
public struct Zone: Sendable {
    public let id: ZoneID
    /// Includes free CMA and free highatomic pages. Kernel: `NR_FREE_PAGES`.
    public let free: Pages
    public let watermarks: Watermarks
    /// The address range, holes included.
    public let spanned: Pages
    /// What physically exists of it.
    public let present: Pages
    /// What the buddy allocator owns; since 3.8.
    public let managed: Pages?
    /// The size of the CMA areas in it; since 5.12.
    public let cma: Pages?
    /// Of `free`, what only movable requests may use. Kernel: `NR_FREE_CMA_PAGES`; since 3.7.
    public let freeCMA: Pages?
    /// Page blocks set aside for atomic requests, and what is free of them; since 6.19.
    public let reservedHighatomic: Pages?
    public let freeHighatomic: Pages?
    /// What a request must leave free here, by the index of the highest zone that it may use. Kernel: `lowmem_reserve[]`.
    public let protection: [Pages]
    /// Free pages that lie in the CPUs' own lists; they are not in `free`.
    public let perCPU: Pages
    public let reclaimable: ReclaimableLists?
    let lines: CounterLines

    /// Kernel: `populated_zone()`.
    public var isPopulated: Bool { present > .zero }

    public var type: ZoneType? { id.type }

    /// Every other line of the zone. Read anew at each call.
    public var counters: [Counter] { lines.counters }

    /// Read anew at each call.
    public var pageSets: [PageSet] { lines.pageSets }
}

/// The three levels that decide who may take a page, and since 5.17 the two that the kernel shows beside them.
///
/// Kernel: include/linux/mmzone.h, `enum zone_watermarks`.
public struct Watermarks: Hashable, Sendable {
    /// `boost` is inside all of them. Kernel: `min_wmark_pages()`.
    public let min: Pages
    public let low: Pages
    public let high: Pages
    /// Since 5.17.
    public let boost: Pages?
    /// Since 6.12.
    public let promo: Pages?

    public init(min: Pages, low: Pages, high: Pages, boost: Pages? = nil, promo: Pages? = nil) {
        self.min = min
        self.low = low
        self.high = high
        self.boost = boost
        self.promo = promo
    }
}

/// The lists that reclaim takes pages from. Kernel: mm/vmscan.c, `zone_reclaimable_pages()`.
///
/// Since 2.6.28; earlier kernels do not tell file pages from anonymous ones.
public struct ReclaimableLists: Hashable, Sendable {
    /// Active and inactive pages of files.
    public let file: Pages
    /// Active and inactive anonymous pages, shmem among them: they can go only where swap has room.
    public let anonymous: Pages

    public init(file: Pages, anonymous: Pages) {
        self.file = file
        self.anonymous = anonymous
    }
}
