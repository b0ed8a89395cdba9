/// /proc/vmstat: what mm/ counted since the start of the machine.
///
/// Kernel: mm/vmstat.c, `vmstat_show()`. A counter that this kernel does not have is nil.
public struct VMStat: Sendable {
    /// Processes that the OOM killer ended, global and memcg alike; since 4.13.
    public let oomKills: Int?
    /// Requests that had to reclaim memory themselves. Kernel: `allocstall`, per zone since 4.8; summed here.
    public let allocationStalls: Int?
    public let compaction: CompactionCounters
    /// File pages that processes have mapped; since 2.6.18. Kernel: `NR_FILE_MAPPED`.
    public let mapped: Pages?
    /// The kernel's zone types, in order, as the names of `pgalloc_*` tell them.
    public let zoneTypes: [ZoneType]

    /// Reads the text of /proc/vmstat.
    ///
    ///     oom_kill 3
    ///
    /// - Throws: where a line of interest has no number, or no line is a name with a number.
    public init(parsing text: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(text)
        var lines = Lines()
        while cursor.nextLine() { try lines.read(&cursor) }
        guard lines.understood else { throw cursor.error(in: Self.source, expected: "names with numbers such as 'pgfault 5'") }
        oomKills = lines.oomKills
        allocationStalls = lines.allocationStalls
        compaction = lines.compaction
        mapped = lines.mapped
        zoneTypes = lines.zoneTypes.sorted()
    }

    fileprivate static let source = "vmstat"
}

/// How compaction fared. Kernel: mm/compaction.c; since 2.6.35, nil where it is not built in.
public struct CompactionCounters: Hashable, Sendable {
    /// Requests that compacted memory themselves, and how that ended.
    public var stalls: Int?
    public var failures: Int?
    public var successes: Int?
    /// Wake-ups of kcompactd.
    public var daemonWakes: Int?
    public var migrateScanned: Int?
    public var freeScanned: Int?
    public var isolated: Int?
}

private struct Lines {
    var oomKills: Int?
    var allocationStalls: Int?
    var compaction = CompactionCounters()
    var mapped: Pages?
    var zoneTypes: [ZoneType] = []
    var understood = false

    mutating func read(_ cursor: inout LineCursor) throws(ParseError) {
        switch cursor.peek {
        case UInt8(ascii: "a"): try readStalls(&cursor)
        case UInt8(ascii: "c"): if cursor.skip("compact_") { try readCompaction(&cursor) }
        case UInt8(ascii: "n"): if cursor.skip("nr_mapped ") { mapped = Pages(try cursor.count(after: "nr_mapped")) }
        case UInt8(ascii: "o"): if cursor.skip("oom_kill ") { oomKills = try cursor.count(after: "oom_kill") }
        case UInt8(ascii: "p"): if cursor.starts(with: "pg") { try readPageCounter(&cursor) }
        default: break
        }
    }

    private mutating func readStalls(_ cursor: inout LineCursor) throws(ParseError) {
        guard cursor.skip("allocstall") else { return }
        if cursor.peek == UInt8(ascii: "_") { _ = cursor.word() }
        allocationStalls = (allocationStalls ?? 0) &+ (try cursor.count(after: "allocstall"))
    }

    private mutating func readPageCounter(_ cursor: inout LineCursor) throws(ParseError) {
        understood = true
        guard cursor.skip("pgalloc_") else { return }
        for type in ZoneType.allCases where cursor.starts(with: type.vmstatSuffix) { zoneTypes.append(type) }
    }

    private mutating func readCompaction(_ cursor: inout LineCursor) throws(ParseError) {
        if cursor.skip("stall ") {
            compaction.stalls = try cursor.count(after: "compact_stall")
        } else if cursor.skip("fail ") {
            compaction.failures = try cursor.count(after: "compact_fail")
        } else if cursor.skip("success ") {
            compaction.successes = try cursor.count(after: "compact_success")
        } else if cursor.skip("daemon_wake ") {
            compaction.daemonWakes = try cursor.count(after: "compact_daemon_wake")
        } else if cursor.skip("migrate_scanned ") {
            compaction.migrateScanned = try cursor.count(after: "compact_migrate_scanned")
        } else if cursor.skip("free_scanned ") {
            compaction.freeScanned = try cursor.count(after: "compact_free_scanned")
        } else if cursor.skip("isolated ") {
            compaction.isolated = try cursor.count(after: "compact_isolated")
        }
    }
}

extension ZoneType {
    /// Kernel: mm/vmstat.c, `TEXTS_FOR_ZONES()`.
    fileprivate var vmstatSuffix: StaticString {
        switch self {
        case .dma: "dma "
        case .dma32: "dma32 "
        case .normal: "normal "
        case .highMem: "high "
        case .movable: "movable "
        case .device: "device "
        }
    }
}

extension LineCursor {
    fileprivate mutating func count(after name: StaticString) throws(ParseError) -> Int {
        guard let count = number() else { throw error(in: VMStat.source, expected: "a count after '\(name)'") }
        return count
    }
}
