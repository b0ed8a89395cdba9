import Kernel

/// A memory cgroup's counters against their limits.
struct CgroupPicture {
    private let usage: MemcgUsage?
    private let group: CgroupPath?
    private let style: TextStyle

    init(of report: OOMReport, _ style: TextStyle) {
        usage = report.memcg
        group = report.limitCgroup
        self.style = style
    }

    var lines: [String] {
        let rows = counters.filter { $0.counter.limit != nil || $0.counter.usage.count > 0 }
        guard !rows.isEmpty else { return [] }
        let name = (rows.map(\.name.count)).max() ?? 0
        let texts = rows.map { Self.text($0.counter) }
        let bar = max(style.width - name - 5 - (texts.map(\.count).max() ?? 0), 8)
        let title = style.heading("LIMITS") + (group.map { "  " + style.paint($0.text.printable, .faint) } ?? "")
        return [title]
            + zip(rows, texts).map { row, text in
                let whole = row.counter.limit ?? .zero
                let picture = whole.count > 0 ? Bar(row.counter.usage, of: whole, width: bar, glyphs: style.glyphs).text : ""
                return "  \(row.name.padded(to: name))  "
                    + style.paint(picture.padded(to: bar), Self.isReached(row.counter) ? .bad : .good) + " " + text
            }
    }

    private var counters: [(name: String, counter: MemcgUsage.Counter)] {
        [
            ("memory", usage?.memory), ("memory+swap", usage?.memoryAndSwap), ("swap", usage?.swap), ("kmem", usage?.kernel),
        ].compactMap { name, counter in counter.map { (name, $0) } }
    }

    private static func text(_ counter: MemcgUsage.Counter) -> String {
        guard let limit = counter.limit else { return counter.usage.human }
        let failures = counter.failures.flatMap { $0 > 0 ? ", failed \($0)×" : nil } ?? ""
        return "\(counter.usage.human) of \(limit.human)\(failures)"
    }

    /// Within a few pages: the request that failed was for more than was left.
    private static func isReached(_ counter: MemcgUsage.Counter) -> Bool {
        guard let limit = counter.limit, limit.count > 0 else { return false }
        return counter.usage.count >= limit.count - limit.count / 200
    }
}
