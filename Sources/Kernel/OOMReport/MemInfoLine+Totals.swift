extension MemInfoLine {
    /// Nil if `text` is none of the totals at the end. What is no total of worth is `.other`.
    ///
    ///     524158 pages RAM
    ///     294912 pages HighMem/MovableOnly
    static func total(_ text: [UInt8]) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        guard let count = cursor.number(), cursor.skip(byte: UInt8(ascii: " ")) else { return nil }
        if let total = totals.first(where: { cursor.is($0.0) }) { return .total(total.1, Pages(count)) }
        return others.contains { cursor.is($0) } ? .other : nil
    }

    /// `pages of …`, `reserved pages` and `pages swap cached` up to 2.6.26, of each architecture's own `show_mem()`.
    private static let totals: [(StaticString, Total)] = [
        ("pages RAM", .ram), ("pages of RAM", .ram),
        ("pages HighMem/MovableOnly", .highMemory), ("pages HighMem", .highMemory), ("pages of HIGHMEM", .highMemory),
        ("pages reserved", .reserved), ("reserved pages", .reserved),
        ("pages cma reserved", .cmaReserved), ("pages hwpoisoned", .hardwarePoisoned),
        ("total pagecache pages", .pageCache),
        ("pages in swap cache", .swapCache), ("pages swap cached", .swapCache),
    ]

    private static let others: [StaticString] = [
        "pages shared", "pages non-shared", "free pages", "slab pages", "pages dirty", "pages writeback", "pages mapped",
        "pages slab", "pages pagetables", "pages in pagetable cache", "pages in page table cache",
    ]
}

extension LineCursor {
    /// True where `words` stand here and a blank or nothing behind them.
    fileprivate func `is`(_ words: StaticString) -> Bool {
        let behind = at + words.utf8CodeUnitCount
        return starts(with: words) && (behind == end || bytes.has(" ", at: behind))
    }
}
