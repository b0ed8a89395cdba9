/// Knows how large each process was some minutes ago, and so which ones grow.
///
/// A process is compared with a size of it that is five to ten minutes old, or with its first one: a leak of a few MiB a
/// minute is then larger than the noise of an ordinary process.
public struct ProcessGrowth: Sendable {
    private var entries: [ProcessID: Entry] = [:]

    private struct Entry: Sendable {
        var name: CommandName
        var base: Mark
        var middle: Mark
        var isSeen = true
    }

    private struct Mark: Sendable {
        let size: Bytes
        let at: Nanoseconds
    }

    private static let span = 300_000_000_000

    public init() {}

    /// The largest processes, and behind them those of the most grown that are not among them.
    public mutating func scan(_ readings: [ProcessReading], at time: RecordedTime, count: Int = 20) -> ProcessScan {
        let all = readings.compactMap { reading in reading.status.memory.map { note(reading, $0, time.sinceBoot) } }
        forgetEnded()
        let largest = all.sorted { $0.size > $1.size }.prefix(count)
        let known = Set(largest.map(\.process))
        let grown = all.filter { $0.growth > .zero }.sorted { $0.growth > $1.growth }.prefix(count)
        return ProcessScan(
            time: time, total: readings.count, processes: largest + grown.filter { !known.contains($0.process) })
    }

    private mutating func note(
        _ reading: ProcessReading, _ memory: ProcessStatus.Memory, _ now: Nanoseconds
    ) -> RecordedProcess {
        let swapped = memory.swapped ?? .zero
        let mark = Mark(size: memory.resident + swapped, at: now)
        let id = reading.status.process
        var entry = entries[id] ?? Entry(name: reading.status.commandName, base: mark, middle: mark)
        if entry.name != reading.status.commandName {
            entry = Entry(name: reading.status.commandName, base: mark, middle: mark)
        } else if now.count - entry.middle.at.count >= Self.span {
            (entry.base, entry.middle) = (entry.middle, mark)
        }
        entry.isSeen = true
        entries[id] = entry
        return RecordedProcess(
            id, entry.name, adjustment: reading.adjustment.rawValue, size: (memory.resident, swapped),
            growth: (mark.size - entry.base.size, Nanoseconds(now.count - entry.base.at.count)))
    }

    private mutating func forgetEnded() {
        entries = entries.filter { $0.value.isSeen }
        for id in entries.keys { entries[id]?.isSeen = false }
    }
}
