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

extension MemInfoLine {
    /// Nil if `text` is no such line. Blanks before it do not count. `release` is of use for a node's line alone.
    ///
    ///     Node 0 DMA: 1*4kB (U) 0*8kB 1*16kB (M) = 20kB
    init?(_ text: [UInt8], release: KernelVersion? = nil) {
        guard let first = text.first(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        let line: MemInfoLine?
        switch first {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): line = Self.capital(text, release)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): line = Self.total(text) ?? ReportedBlocks(text).map(MemInfoLine.blocks)
        case UInt8(ascii: "l"), UInt8(ascii: "p"): line = Self.protection(text) ?? Self.counters(text)
        case UInt8(ascii: "("), UInt8(ascii: "a")...UInt8(ascii: "z"): line = Self.counters(text) ?? Self.perCPU(text)
        default: line = nil
        }
        guard let line else { return nil }
        self = line
    }

    /// What stands behind the first word tells what it is: most lines of a log are dismissed there.
    private static func capital(_ text: [UInt8], _ release: KernelVersion?) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        _ = cursor.nodeNumber()
        let word = cursor.zoneName()
        switch cursor.peek {
        case UInt8(ascii: ":"):
            return ReportedZone(text).map(MemInfoLine.zone) ?? ReportedBlocks(text).map(MemInfoLine.blocks) ?? counters(text)
        case UInt8(ascii: "_"): return node(text, release) ?? hugePages(text) ?? counters(text)
        case UInt8(ascii: "-"): return cursor.skip("-Info:") || cursor.skip("-info:") ? start(word, in: text) : nil
        case UInt8(ascii: " "):
            if cursor.starts(with: " free:") { return ReportedZone(text).map(MemInfoLine.zone) }
            if cursor.starts(with: " per-cpu:") { return .other }
            return named(text)
        default: return nil
        }
    }

    private static func start(_ word: Range<Int>, in text: [UInt8]) -> MemInfoLine? {
        text[word].elementsEqual("Mem".utf8) ? .start : nil
    }

    private static func named(_ text: [UInt8]) -> MemInfoLine? {
        let cursor = LineCursor(lineOf: text)
        switch cursor.peek {
        case UInt8(ascii: "C"): return perCPU(text)
        case UInt8(ascii: "F"), UInt8(ascii: "T"): return swap(text)
        case UInt8(ascii: "M"): return cursor.starts(with: "Memory allocations") ? .other : nil
        case UInt8(ascii: "S"): return cursor.starts(with: "Swap cache") ? .other : nil
        default: return nil
        }
    }

    /// The reserve is in pages; since 5.8 an entry may be smaller than the one before it.
    ///
    ///     lowmem_reserve[]: 0 880 22543 22543
    private static func protection(_ text: [UInt8]) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        guard cursor.skip("lowmem_reserve[]:") || cursor.skip("protections[]:") else { return nil }
        var reserve: [Pages] = []
        while let pages = cursor.signedNumber() { reserve.append(Pages(pages)) }
        return .protection(reserve)
    }
}

extension MemInfoLine {
    /// The lists of each CPU; up to 4.0. `CPU: 0 PID: 1` is another line.
    ///
    ///     CPU    0: hi:  186, btch:  31 usd:   0
    private static func perCPU(_ text: [UInt8]) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        if cursor.skip("CPU ") {
            guard cursor.number() != nil, cursor.skip(byte: UInt8(ascii: ":")) else { return nil }
            cursor.skipBlanks()
            return cursor.starts(with: "hi:") || cursor.starts(with: "Hot:") ? .other : nil
        }
        guard cursor.skip("cpu "), cursor.number() != nil else { return nil }
        return cursor.starts(with: " hot:") || cursor.starts(with: " cold:") ? .other : nil
    }

    /// `Free pages:` is in kB and says what the counter `free` says in pages.
    ///
    ///     Total swap = 3615236kB
    private static func swap(_ text: [UInt8]) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        if cursor.skip("Free pages:") { return .other }
        let isTotal = cursor.skip("Total swap")
        guard isTotal || cursor.skip("Free swap") else { return nil }
        cursor.skipBlanks()
        guard cursor.skip(byte: UInt8(ascii: "=")) || cursor.skip(byte: UInt8(ascii: ":")) else { return nil }
        guard let kibibytes = cursor.signedNumber(), cursor.skip("kB") else { return nil }
        return isTotal ? .swapTotal(Bytes(kibibytes: kibibytes)) : .swapFree(Bytes(kibibytes: kibibytes))
    }

    /// Of one node and one size of page. A huge page that is free is reserved all the same.
    ///
    ///     Node 0 hugepages_total=900 hugepages_free=880 hugepages_surp=0 hugepages_size=2048kB
    private static func hugePages(_ text: [UInt8]) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        let node = cursor.nodeNumber()
        guard cursor.skip("hugepages_total="), let total = cursor.number() else { return nil }
        guard let free = text.decimal(after: "hugepages_free="), let size = text.decimal(after: "hugepages_size="),
            text.last("kB") != nil
        else { return .other }
        return .hugePages(
            node: node, total: total, free: free, surplus: text.decimal(after: "hugepages_surp="), size: Bytes(kibibytes: size))
    }
}
