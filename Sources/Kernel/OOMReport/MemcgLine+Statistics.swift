extension MemcgLine {
    /// A line of the statistics since 5.3, of whatever name: for use only between two lines that are of them for certain.
    ///
    ///     anon 57171968
    init?(statistic text: [UInt8]) {
        guard let line = Self.statistic(text, isWanted: { _ in true }) else { return nil }
        self = line
    }

    /// True for what is counted in bytes; the rest, and all names that are not known, are numbers of pages or of events.
    ///
    /// Kernel: mm/memcontrol.c, `memory_stats[]` and `memcg_page_state_unit()`; for a group of cgroup v1 since 6.5
    /// `memcg1_stat_format()`, which has each number twice: of the group alone, and as `total_` with all below it.
    static func isByteStatistic(_ name: String) -> Bool {
        let own = name.hasPrefix("total_") ? name.dropFirst(6) : name[...]
        return byteNames.contains { own == $0.description }
    }

    static func known(_ text: [UInt8]) -> MemcgLine? {
        // Most lines are dismissed here.
        guard text.count < 64, let last = text.last, last &- UInt8(ascii: "0") < 10 || last == UInt8(ascii: " ") else {
            return nil
        }
        return statistic(text) { cursor in
            byteNames.contains { cursor.stands(word: $0) } || countNames.contains { cursor.starts(with: $0) }
        }
    }

    private static func statistic(_ text: [UInt8], isWanted: (LineCursor) -> Bool) -> MemcgLine? {
        var cursor = LineCursor(lineOf: text)
        guard isWanted(cursor) else { return nil }
        let start = cursor.at
        while let byte = cursor.peek, isNameByte(byte) { cursor.at += 1 }
        let name = start..<cursor.at
        guard !name.isEmpty, cursor.skip(byte: UInt8(ascii: " ")), let value = cursor.number() else { return nil }
        cursor.skipBlanks()
        return cursor.isAtEnd ? .statistic(name: cursor.text(name), value: value) : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
    }

    private static let byteNames: [StaticString] = [
        "anon", "file", "kernel", "kernel_stack", "pagetables", "sec_pagetables", "percpu", "sock", "vmalloc", "shmem", "zswap",
        "zswapped", "file_mapped", "file_dirty", "file_writeback", "swapcached", "anon_thp", "file_thp", "shmem_thp",
        "inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable", "slab_reclaimable",
        "slab_unreclaimable", "slab", "hugetlb", "cache", "rss", "rss_huge", "mapped_file", "dirty", "writeback", "swap",
    ]

    private static let countNames: [StaticString] = [
        "workingset_", "pgfault ", "pgmajfault ", "pgrefill", "pgscan", "pgsteal", "pgactivate ", "pgdeactivate ",
        "pglazyfree", "pgdemote_", "pgpromote_", "thp_", "zswpin ", "zswpout ", "zswpwb ", "zswap_incomp ", "pswpin ", "pswpout ",
        "numa_",
        "swpin_zero ", "swpout_zero ", "pgpgin ", "pgpgout ", "total_", "hierarchical_mem",
    ]
}

extension MemcgLine {
    /// The path may be missing up to 5.2, where it is too long. KB are the kernel's kB.
    ///
    ///     Memory cgroup stats for /box: cache:32KB rss:524188KB rss_huge:0KB mapped_file:0KB
    ///     Memory cgroup stats for /box:
    static func statistics(_ text: [UInt8]) -> MemcgLine? {
        var cursor = LineCursor(lineOf: text)
        guard cursor.skip("Memory cgroup stats") else { return nil }
        guard cursor.skip(" for ") else {
            return cursor.skip(byte: UInt8(ascii: ":")) ? .statistics(of: nil, cursor.amounts()) : nil
        }
        // `cache` is the first in every version that has them in one line.
        guard let colon = text.last(": cache:") ?? endOfPath(text, from: cursor.at), colon > cursor.at else { return nil }
        let path = CgroupPath(text[cursor.at..<colon])
        cursor.at = Swift.min(colon + 1, cursor.end)
        return .statistics(of: path, cursor.amounts())
    }

    private static func endOfPath(_ text: [UInt8], from start: Int) -> Int? {
        let line = text[start...].lastIndex { $0 != UInt8(ascii: " ") }
        return line.flatMap { text[$0] == UInt8(ascii: ":") ? $0 : nil }
    }
}

extension LineCursor {
    /// True where `word` stands here and a blank behind it.
    fileprivate func stands(word: StaticString) -> Bool {
        starts(with: word) && bytes.has(" ", at: at + word.utf8CodeUnitCount)
    }
}
