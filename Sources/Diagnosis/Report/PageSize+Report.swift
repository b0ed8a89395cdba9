public import Kernel

extension PageSize {
    /// The page size of the machine that a report comes from. It is printed nowhere: it is the smallest free block, or what
    /// makes a process's pages in the table its kB in the kill line, or the counters' free pages the zones' free kB.
    ///
    /// - Returns: nil where nothing tells it.
    public init?(of report: OOMReport) {
        if let printed = report.zones.lazy.compactMap(\.pageSize).first {
            self = printed
            return
        }
        let pairs = Self.victims(report) + Self.free(report)
        let fitting = (12...18).map { PageSize(bytes: 1 << $0) }.first { size in
            pairs.contains { pages, bytes in
                let told = Bytes(pages, of: size).count
                return told > 0 && told / 8 * 7 <= bytes.count && bytes.count / 8 * 7 <= told
            }
        }
        guard let fitting else { return nil }
        self = fitting
    }

    private static func victims(_ report: OOMReport) -> [(Pages, Bytes)] {
        report.victims.compactMap { victim in
            guard let bytes = victim.memory.total, bytes > .zero,
                let row = report.tasks.rows.first(where: { $0.processID == victim.processID }), let pages = row.totalMemory
            else { return nil }
            return (pages, bytes)
        }
    }

    private static func free(_ report: OOMReport) -> [(Pages, Bytes)] {
        guard let pages = report.counters?["free"], pages > .zero else { return [] }
        return [(pages, report.printed(\.free))]
    }
}
