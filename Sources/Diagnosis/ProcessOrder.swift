public import Kernel

/// In what order processes are listed: the worst first.
public enum ProcessOrder: String, CaseIterable, Sendable {
    /// As the kernel would kill them. After those, by size, the ones it never chooses.
    case badness
    case rss
    case adjustment = "oom_score_adj"
    /// The lowest first.
    case pid

    /// The first `limit` of `processes`.
    public func first(_ limit: Int, of processes: [ProcessReading], formula: BadnessFormula?) -> [Ranked] {
        let ranked = processes.map { Ranked(reading: $0, badness: formula?.badness(of: $0.status, adjustment: $0.adjustment)) }
        let later = formula?.laterDiesOfEquals ?? true
        let keys = ranked.indices.map { key(of: ranked[$0], at: $0, laterFirst: later) }
        return keys.sorted(by: >).prefix(max(limit, 0)).map { ranked[$0.index] }
    }

    /// A process and what it was ranked by.
    public struct Ranked: Sendable {
        public let reading: ProcessReading
        public let badness: Badness?
    }
}

extension ProcessOrder {
    /// Numbers are sorted in place of processes, which are large.
    private struct Key: Comparable {
        let first: Int
        let second: Int
        let third: Int
        let index: Int

        static func < (a: Key, b: Key) -> Bool { (a.first, a.second, a.third) < (b.first, b.second, b.third) }
    }

    private func key(of ranked: Ranked, at index: Int, laterFirst: Bool) -> Key {
        let process = ranked.reading.status
        let id = Int(process.process.rawValue)
        switch self {
        case .badness:
            guard let badness = ranked.badness else {
                return Key(first: .min, second: size(of: process), third: -id, index: index)
            }
            return Key(first: badness.pages.count, second: 0, third: laterFirst ? id : -id, index: index)
        case .rss:
            return Key(first: process.memory?.resident.count ?? -1, second: 0, third: -id, index: index)
        case .adjustment:
            return Key(first: ranked.reading.adjustment.rawValue, second: size(of: process), third: -id, index: index)
        case .pid:
            return Key(first: -id, second: 0, third: 0, index: index)
        }
    }

    private func size(of process: ProcessStatus) -> Int {
        guard let memory = process.memory else { return -1 }
        return (memory.resident + (memory.swapped ?? .zero) + (memory.pageTables ?? .zero)).count
    }
}
