// The parts of Mem-Info. Kernel: mm/page_alloc.c, `show_free_areas()`; since 6.5 mm/show_mem.c.

extension OpenReport {
    /// False for a line of another dump: its part is over, or what it says is known already.
    func accepts(_ line: MemInfoLine) -> Bool {
        guard !isBare else { return false }
        switch line {
        case .other: return part >= .head && part <= .totals
        case .start: return part < .memory
        default: break
        }
        let new = ReportPart(line)
        guard new >= part else { return false }
        switch line {
        case .counters(let counters): return !counters.counts.contains { report.counters?[$0.name] != nil }
        case .node(let node, _, _): return !report.nodes.contains { $0.node == node }
        case .zone(let zone): return !report.zones.contains { $0.node == zone.node && $0.name == zone.name }
        case .protection: return part == .zones && report.zones.last?.protectionLine == nil
        case .blocks(let blocks): return index(of: blocks).map { report.zones[$0].blocksLine == nil } ?? true
        case .hugePages(let node, _, _, _, let size): return !report.hugePages.contains { $0.node == node && $0.size == size }
        case .swapFree: return swapFree == nil
        case .swapTotal: return swapTotal == nil
        case .total(let what, _): return report.totals[what] == nil
        default: return true
        }
    }

    mutating func take(_ info: MemInfoLine, _ line: LogLine) {
        section = nil
        if case .other = info { touch(line) } else { reach(ReportPart(info), line) }
        guard !isMixed else { return }
        let quote = QuotedLine(number: line.number, bytes: line.text)
        size += line.text.count
        switch info {
        case .start, .other: break
        case .counters(let counters):
            report.counters = MemoryCounters(counts: (report.counters?.counts ?? []) + counters.counts)
            report.quotes.counters.append(quote)
        case .node: takeNode(quote)
        case .zone(var zone):
            zone.zoneLine = quote
            report.zones.append(zone)
        case .protection(let pages): setProtection(pages, quote)
        case .blocks(let blocks): set(blocks, quote)
        case .hugePages(let node, let total, let free, let surplus, let size):
            report.hugePages.append(
                HugePagePool(node: node, total: total, free: free, surplus: surplus, size: size, line: quote))
        case .swapFree, .swapTotal, .total: takeTotal(info, quote)
        }
    }

    /// What its fields mean depends on the release.
    private mutating func takeNode(_ quote: QuotedLine) {
        let release = report.release.flatMap { KernelVersion(release: $0) }
        guard case .node(let node, let amounts, let isAllUnreclaimable) = MemInfoLine(quote.bytes, release: release) else {
            return
        }
        report.nodes.append(ReportedNode(node: node, amounts: amounts, isAllUnreclaimable: isAllUnreclaimable, line: quote))
    }

    mutating func setProtection(_ pages: [Pages], _ quote: QuotedLine) {
        guard let last = report.zones.indices.last else { return }
        report.zones[last].protection = pages
        report.zones[last].protectionLine = quote
    }

    mutating func set(_ blocks: ReportedBlocks, _ quote: QuotedLine) {
        guard let name = blocks.zone else { return }
        var at = index(of: blocks)
        if at == nil {
            report.zones.append(ReportedZone(node: blocks.node, name: name))
            at = report.zones.endIndex - 1
        }
        guard let at else { return }
        report.zones[at].freeBlocks = blocks.blocks
        report.zones[at].blockTypes = blocks.types
        report.zones[at].freeInBlocks = blocks.sum
        report.zones[at].pageSize = blocks.pageSize
        report.zones[at].blocksLine = quote
    }

    private func index(of blocks: ReportedBlocks) -> Int? {
        report.zones.firstIndex { $0.name == blocks.zone && $0.node == blocks.node }
    }

    private mutating func takeTotal(_ info: MemInfoLine, _ quote: QuotedLine) {
        switch info {
        case .swapFree(let free):
            guard swapFree == nil else { return }
            (swapFree, report.quotes.swapFree) = (free, quote)
        case .swapTotal(let total):
            guard swapTotal == nil else { return }
            (swapTotal, report.quotes.swapTotal) = (total, quote)
        case .total(let what, let pages): take(what, pages, quote)
        default: break
        }
        // A kernel before 2.6.11 prints one of the two; that is no statement about swap.
        if let swapFree, let swapTotal { report.swap = OOMReport.Swap(total: swapTotal, free: swapFree) }
    }

    private mutating func take(_ what: MemInfoLine.Total, _ pages: Pages, _ quote: QuotedLine) {
        switch what {
        case .ram: (report.totals.ram, report.quotes.totalRAM) = (pages, quote)
        case .highMemory: (report.totals.highMemory, report.quotes.highMemory) = (pages, quote)
        case .reserved: report.totals.reserved = pages
        case .cmaReserved: report.totals.cmaReserved = pages
        case .hardwarePoisoned: report.totals.hardwarePoisoned = pages
        case .pageCache: (report.totals.pageCache, report.quotes.pageCache) = (pages, quote)
        case .swapCache: report.totals.swapCache = pages
        }
    }

    /// Two dumps were printed at once, and no caller tells them apart: no number is better than a wrong one.
    mutating func mix() {
        isMixed = true
        report.zones = []
        report.nodes = []
        report.counters = nil
        report.hugePages = []
        report.swap = nil
        report.totals = OOMReport.Totals()
        report.quotes.counters = []
    }
}

extension OOMReport.Totals {
    fileprivate subscript(_ what: MemInfoLine.Total) -> Pages? {
        switch what {
        case .ram: ram
        case .highMemory: highMemory
        case .reserved: reserved
        case .cmaReserved: cmaReserved
        case .hardwarePoisoned: hardwarePoisoned
        case .pageCache: pageCache
        case .swapCache: swapCache
        }
    }
}

extension MemInfoLine {
    /// False for what says nothing without the lines before it.
    var mayBegin: Bool {
        switch self {
        case .other, .protection: false
        case .blocks(let blocks): blocks.zone != nil && blocks.pageSize != nil
        case .counters(let counters): counters.counts.count > 1
        default: true
        }
    }
}
