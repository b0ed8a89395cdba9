/// A line of a report's Mem-Info block, read.
///
/// Kernel: mm/page_alloc.c, `show_free_areas()`, and lib/show_mem.c; since 6.5 mm/show_mem.c. Every form from 2.4 on.
enum MemInfoLine: Hashable, Sendable {
    /// `Mem-Info:`, with a small i up to 2.6.26.
    case start
    /// Some of the whole machine's counters; one record of the kernel is several such lines.
    case counters(MemoryCounters)
    /// A node's line: its number, amounts and `all_unreclaimable?`.
    case node(node: Int, amounts: [Amount], isAllUnreclaimable: Bool?)
    /// A zone's line, without its reserve and blocks.
    case zone(ReportedZone)
    /// `lowmem_reserve[]:` or `protections[]:` of the zone whose line is before it.
    case protection([Pages])
    case blocks(ReportedBlocks)
    /// Without its line.
    case hugePages(node: Int?, total: Int, free: Int, surplus: Int?, size: Bytes)
    case swapFree(Bytes)
    case swapTotal(Bytes)
    case total(Total, Pages)
    /// A line of the block that holds nothing of worth here: per-cpu lists, swap cache statistics, shared pages.
    case other

    enum Total: Hashable, Sendable {
        case ram, highMemory, reserved, cmaReserved, hardwarePoisoned, pageCache, swapCache
    }
}

/// The free blocks of a zone: `Node 0 DMA32: 26*4kB (UM) 26*8kB (UME) … = 44200kB`, or `DMA32: empty`.
struct ReportedBlocks: Hashable, Sendable {
    var node: Int?
    /// nil in 2.4, where the zones' lists come in their order.
    var zone: String?
    /// By order; empty for `empty`.
    var blocks: [Int]
    var types: [String]?
    var sum: Bytes?
    var pageSize: PageSize?
}

/// A line of the memory cgroup's block, read. Kernel: mm/memcontrol.c, `mem_cgroup_print_oom_info()`; since 2.6.30.
enum MemcgLine: Hashable, Sendable {
    /// `Task in /a killed as a result of limit of /b`; from 3.15 to 3.18 in pieces, so that either may be nil.
    case limit(task: CgroupPath?, limit: CgroupPath?)
    /// `memory: usage 102400kB, limit 102400kB, failcnt 756`; limit nil for none.
    case counter(Counter, usage: Bytes, limit: Bytes?, failures: Int?)
    /// `Memory cgroup stats for /box: cache:0KB rss:…` with amounts behind it up to 5.2, without them since.
    case statistics(of: CgroupPath?, [Amount])
    /// `anon 57171968`, a line of the statistics since 5.3. Only what is counted in bytes is an amount.
    case statistic(name: String, value: Int)

    enum Counter: String, Hashable, Sendable {
        case memory, memoryAndSwap = "memory+swap", swap, kernel = "kmem"
    }
}
