extension MemInfoLine {
    /// Nil if `text` is no line of the machine's counters. They are pages, and up to 2.6.31 some names begin with a capital.
    ///
    ///     active_anon:12345 inactive_anon:4567 isolated_anon:0
    ///     Active:45678 inactive:1234 dirty:0 writeback:0 unstable:0 free:9876 slab:220275 mapped:33 pagetables:512
    ///     ( Active: 2231, inactive: 123, free: 456 )
    static func counters(_ text: [UInt8]) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        if cursor.skip(byte: UInt8(ascii: "(")) { cursor.skipBlanks() }
        guard isCounter(cursor) else { return nil }
        var counts: [MemoryCounters.Count] = []
        // The same names stand in lines of a zone and of a node, and there they are amounts.
        while let field = cursor.field(), !field.isKibibytes {
            counts.append(MemoryCounters.Count(name: cursor.text(field.name).lowercased(), pages: Pages(field.value)))
        }
        return counts.isEmpty ? nil : .counters(MemoryCounters(counts: counts))
    }

    /// The names that a line of counters has begun with, and those that it may begin with where an earlier one is torn off.
    private static func isCounter(_ cursor: LineCursor) -> Bool {
        let names: [StaticString]
        switch cursor.peek.map({ $0 | 0x20 }) {
        case UInt8(ascii: "a"): names = ["Active", "active", "active_anon", "active_file", "Active_anon"]
        case UInt8(ascii: "b"): names = ["bounce"]
        case UInt8(ascii: "d"): names = ["dirty"]
        case UInt8(ascii: "f"): names = ["free", "free_cma", "free_pcp"]
        case UInt8(ascii: "i"):
            names = ["inactive", "inactive_anon", "inactive_file", "isolated_anon", "isolated_file"]
        case UInt8(ascii: "k"): names = ["kernel_misc_reclaimable"]
        case UInt8(ascii: "m"): names = ["mapped"]
        case UInt8(ascii: "p"): names = ["pagetables"]
        case UInt8(ascii: "s"): names = ["slab", "slab_reclaimable", "slab_unreclaimable", "shmem", "sec_pagetables"]
        case UInt8(ascii: "u"): names = ["unevictable", "unstable"]
        case UInt8(ascii: "w"): names = ["writeback"]
        default: return false
        }
        return names.contains { name in
            cursor.starts(with: name) && cursor.bytes.has(":", at: cursor.at + name.utf8CodeUnitCount)
        }
    }
}
