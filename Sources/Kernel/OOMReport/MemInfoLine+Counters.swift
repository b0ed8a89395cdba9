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

    /// The word before the first colon, with a number behind it, is one of the names.
    private static func isCounter(_ cursor: LineCursor) -> Bool {
        let (bytes, start) = (cursor.bytes, cursor.at)
        var colon = start
        while colon < cursor.end, isNameByte(bytes[colon]) { colon += 1 }
        guard bytes.has(":", at: colon), colon + 1 < cursor.end else { return false }
        guard bytes[colon + 1] == UInt8(ascii: " ") || bytes[colon + 1] &- UInt8(ascii: "0") < 10 else { return false }
        return names.contains { $0.utf8CodeUnitCount == colon - start && cursor.starts(with: $0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
    }

    /// Those that a line has begun with, and those that it may begin with where an earlier one is torn off.
    private static let names: [StaticString] = [
        "Active", "active", "active_anon", "active_file", "Active_anon", "bounce", "dirty", "free", "free_cma", "free_pcp",
        "inactive", "inactive_anon", "inactive_file", "isolated_anon", "isolated_file", "kernel_misc_reclaimable", "mapped",
        "pagetables", "sec_pagetables", "shmem", "slab", "slab_reclaimable", "slab_unreclaimable", "unevictable", "unstable",
        "writeback",
    ]
}
