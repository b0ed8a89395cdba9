/// The parts of a report in the order in which every kernel prints them: a line of an earlier part than the last one
/// belongs to another report.
///
/// Kernel: mm/oom_kill.c, `dump_header()`; mm/page_alloc.c, `show_free_areas()`.
enum ReportPart: Int, Comparable, Sendable {
    case head, processor, cgroup, memory, counters, nodes, zones, blocks, hugePages, totals, slab, tasks, summary, choice

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// How many parts would be missing between the two.
    func distance(to later: Self) -> Int { later.rawValue - rawValue }

    init(_ line: MemInfoLine) {
        switch line {
        case .start, .other: self = .memory
        case .counters: self = .counters
        case .node: self = .nodes
        case .zone, .protection: self = .zones
        case .blocks: self = .blocks
        case .hugePages: self = .hugePages
        case .swapFree, .swapTotal, .total: self = .totals
        }
    }
}
