/// One zone of a report's Mem-Info: its line, its `lowmem_reserve[]`, its list of free blocks.
///
/// Kernel: mm/page_alloc.c, `show_free_areas()`; since 6.5 mm/show_mem.c. The lines print kB, but the reserve pages.
public struct ReportedZone: Hashable, Sendable {
    /// nil where the kernel prints none: it was built without NUMA.
    public var node: Int?
    /// The kernel's own name: `DMA`, `Normal`, `HighMem`.
    public var name: String
    /// Free blocks of CMA and of the highatomic reserve are in it.
    public var free: Bytes?
    /// `boost` is inside all three.
    public var min: Bytes?
    public var low: Bytes?
    public var high: Bytes?
    public var boost: Bytes?
    public var reservedHighatomic: Bytes?
    /// Since 6.17.
    public var freeHighatomic: Bytes?
    public var freeCMA: Bytes?
    public var present: Bytes?
    /// Since 3.8.
    public var managed: Bytes?
    /// Every amount of the line under the kernel's own name (`active_anon`, `slab_unreclaimable`), those above too.
    public var amounts: [Amount]
    /// `pages_scanned`, a count of pages.
    public var pagesScanned: Int?
    /// Up to 4.7 of the zone; since 4.8 of the node.
    public var isAllUnreclaimable: Bool?
    /// `lowmem_reserve[]`, before 2.6.11 `protections[]`: pages, the index is the highest zone that a request may use.
    public var protection: [Pages]
    /// Blocks by order; empty where the log has no such line.
    public var freeBlocks: [Int]
    /// For each order the migrate types whose lists are not empty: `UME`; nil where the kernel prints none (before 3.8).
    public var blockTypes: [String]?
    /// The sum that the kernel printed behind the blocks.
    public var freeInBlocks: Bytes?
    /// The size of a block of order 0: of a page.
    public var pageSize: PageSize?
    /// Where the lines stand; nil where one is missing.
    public var zoneLine: QuotedLine?
    public var protectionLine: QuotedLine?
    public var blocksLine: QuotedLine?

    public init(node: Int?, name: String) {
        self.node = node
        self.name = name
        amounts = []
        protection = []
        freeBlocks = []
    }
}

/// A named amount of a report, under the kernel's own name.
public struct Amount: Hashable, Sendable {
    public let name: String
    public let bytes: Bytes

    public init(name: String, bytes: Bytes) {
        self.name = name
        self.bytes = bytes
    }
}

extension ReportedZone {
    public var type: ZoneType? { ZoneType(name: name) }

    public subscript(_ name: String) -> Bytes? { amounts.first { $0.name == name }?.bytes }
}

/// A node's line; since 4.8, printed without NUMA too: `Node 0 active_anon:… all_unreclaimable? no`.
///
/// 4.8 to 4.10 print shmem, shmem_thp, shmem_pmdmapped and anon_thp in each other's places; here they are in the right ones.
public struct ReportedNode: Hashable, Sendable {
    public var node: Int
    public var amounts: [Amount]
    public var isAllUnreclaimable: Bool?
    public var line: QuotedLine

    public init(node: Int, amounts: [Amount], isAllUnreclaimable: Bool?, line: QuotedLine) {
        self.node = node
        self.amounts = amounts
        self.isAllUnreclaimable = isAllUnreclaimable
        self.line = line
    }

    public subscript(_ name: String) -> Bytes? { amounts.first { $0.name == name }?.bytes }
}

/// The counters of the whole machine at the head of Mem-Info, in pages, under the kernel's own names in small letters.
///
///     active_anon:12345 inactive_anon:4567 isolated_anon:0
public struct MemoryCounters: Hashable, Sendable {
    public var counts: [Count]

    public init(counts: [Count] = []) { self.counts = counts }

    public struct Count: Hashable, Sendable {
        public let name: String
        public let pages: Pages

        public init(name: String, pages: Pages) {
            self.name = name
            self.pages = pages
        }
    }

    public subscript(_ name: String) -> Pages? { counts.first { $0.name == name }?.pages }
}
