import Kernel

/// For `--verbose`: every line of the report that was kept, and every number of it that has no other place.
struct WholeReport {
    private let report: OOMReport
    private let style: TextStyle

    init(of report: OOMReport, _ style: TextStyle) {
        self.report = report
        self.style = style
    }

    var lines: [String] {
        let parts = [("LINES", quotes), ("CGROUP STATISTICS", statistics), ("TOTALS", totals), ("HUGE PAGES", hugePages)]
        let slabs = ("UNRECLAIMABLE SLAB", self.slabs)
        return parts.filter { !$0.1.isEmpty }.flatMap { [style.heading($0.0)] + $0.1 + [""] }
            + (slabs.1.isEmpty ? [] : [style.heading(slabs.0)] + slabs.1)
    }

    /// Each once, in the order of the log.
    private var quotes: [String] {
        let all = report.quotes
        var lines = [all.header, all.summary, all.kill, all.choice, all.limit, all.totalRAM, all.highMemory, all.pageCache]
        lines += [all.swapFree, all.swapTotal, all.remark] + all.counters + report.nodes.map(\.line)
        lines += report.zones.flatMap { [$0.zoneLine, $0.protectionLine, $0.blocksLine] }
        lines += [report.memcg?.memory, report.memcg?.memoryAndSwap, report.memcg?.swap, report.memcg?.kernel].map { $0?.line }
        let known = Set(lines.compactMap { $0 }).sorted { ($0.number, $0.text) < ($1.number, $1.text) }
        let width = known.last.map { String($0.number).count } ?? 0
        return known.flatMap { line in
            style.wrap(line.text.printable, indent: width + 4, first: "  \(String(line.number).aligned(to: width))  ")
        }
    }

    private var statistics: [String] { amounts(report.memcg?.statistics ?? []) }

    private var totals: [String] {
        let size = report.pageSizeOrUsual
        let totals = report.totals
        let named: [(String, Pages?)] = [
            ("RAM", totals.ram), ("HighMem, Movable", totals.highMemory), ("reserved", totals.reserved),
            ("CMA reserved", totals.cmaReserved), ("hardware-poisoned", totals.hardwarePoisoned),
            ("page cache", totals.pageCache), ("swap cache", totals.swapCache),
        ]
        let rest = (report.counters?.counts ?? []).map { Amount(name: $0.name, bytes: Bytes($0.pages, of: size)) }
        return amounts(named.compactMap { name, pages in pages.map { Amount(name: name, bytes: Bytes($0, of: size)) } } + rest)
    }

    private var hugePages: [String] {
        report.hugePages.map { pool in
            let node = pool.node.map { "node \($0): " } ?? ""
            return "  \(node)\(pool.total) of \(pool.size.human), \(pool.free) free"
        }
    }

    private var slabs: [String] { amounts(report.slabs.map { Amount(name: $0.name, bytes: $0.total) }) }

    private func amounts(_ amounts: [Amount]) -> [String] {
        let width = amounts.map(\.name.count).max() ?? 0
        return amounts.map { "  \($0.name.printable.padded(to: width))  \($0.bytes.human.aligned(to: 10))" }
    }
}
