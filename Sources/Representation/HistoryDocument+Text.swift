import Diagnosis
import Kernel

extension HistoryDocument {
    /// The same for people: a row of bars for each zone, for what tells of want, and for who grew.
    public var table: String { recording.text(pageSize, title: "") }
}

extension TimelineDocument {
    public var table: String {
        let around = timeline.fine.text(pageSize, title: "the minute before and ten seconds after\n")
        let day = timeline.coarse.text(pageSize, title: "the day before\n")
        return "\(id)  killed at \(killedAt?.rfc3339 ?? "a time that is not known")\n\n\(around)\n\(day)"
    }
}

extension Recording {
    fileprivate func text(_ pageSize: PageSize, title: String) -> String {
        guard let first = samples.first, let last = samples.last else { return title + "nothing was recorded in that time\n" }
        var table = TerminalTable([
            ("", .left), ("", .left), ("FIRST", .right), ("LAST", .right), ("LOWEST", .right), ("HIGHEST", .right),
        ])
        for zone in last.layout.zones.indices {
            let free = samples.map {
                $0.layout == last.layout ? $0.areas(ofZone: zone).map { Bytes($0.free, of: pageSize).count } : nil
            }
            table.add("node \(last.layout.zones[zone].node) \(last.layout.zones[zone].name) free", free) { Bytes($0).human }
        }
        for (name, counter) in Self.gauges { table.add(name, samples.map { $0.bytes(counter)?.count }) { Bytes($0).human } }
        for (name, counter, unit) in Self.rates { table.add(name, rates(of: counter, unit)) { unit.text($0) } }
        let head = "\(title)\(first.time.wall.rfc3339) to \(last.time.wall.rfc3339), \(samples.count) samples\n"
        return head + table.text + grown
    }

    private static let gauges: [(String, RecordedCounter)] = [
        ("available", .memAvailable), ("anonymous", .anonPages), ("page cache", .cached),
        ("unreclaimable slab", .slabUnreclaimable),
        ("swap free", .swapFree),
    ]

    private enum Rate {
        case perSecond, percent

        func text(_ value: Int) -> String {
            switch self {
            case .perSecond: "\(value)/s"
            case .percent: "\(value / 10).\(value % 10) %"
            }
        }
    }

    private static let rates: [(String, RecordedCounter, Rate)] = [
        ("all wait for memory", .pressureFull, .percent), ("file refaults", .fileRefaults, .perSecond),
        ("swapped in", .swappedIn, .perSecond), ("allocation stalls", .allocationStalls, .perSecond),
    ]

    /// How fast a counter went from one sample to the next; a share of time in thousandths.
    private func rates(of counter: RecordedCounter, _ unit: Rate) -> [Int?] {
        zip(samples, samples.dropFirst()).map { before, after in
            let span = after.time.sinceBoot.count - before.time.sinceBoot.count
            guard let old = before[counter], let new = after[counter], before.boot == after.boot, span > 0, new >= old else {
                return nil
            }
            switch unit {
            case .perSecond: return Int((Double(new - old) * 1e9 / Double(span)).rounded())
            case .percent: return Int((Double(new - old) * 1e6 / Double(span)).rounded())
            }
        }
    }

    private var grown: String {
        let found = GrownProcess.find(in: processes)
        guard !found.isEmpty else { return "" }
        var table = TerminalTable([
            ("PID", .right), ("COMM", .left), ("", .left), ("FROM", .right), ("TO", .right), ("GREW", .right), ("SINCE", .left),
            ("RATE", .right),
        ])
        for process in found {
            table.add([
                process.process.description, process.name.text.printable,
                Sparkline.text(process.sizes.map { $0.size.count }, width: 30),
                process.from.human, process.to.human, process.growth.human, process.since.rfc3339, "\(process.perSecond.human)/s",
            ])
        }
        return "\nwho grew\n" + table.text
    }
}

extension TerminalTable {
    /// A row of bars with its ends and its extremes; none where nothing is known.
    fileprivate mutating func add(_ name: String, _ values: [Int?], _ text: (Int) -> String) {
        let known = values.compactMap { $0 }
        guard let first = known.first, let last = known.last, let lowest = known.min(), let highest = known.max() else { return }
        add([name, Sparkline.text(values), text(first), text(last), text(lowest), text(highest)])
    }
}
