public import Kernel

/// A process that grew in a span of time: by how much, since when, how fast.
public struct GrownProcess: Hashable, Sendable {
    public let process: ProcessID
    public let name: CommandName
    public let adjustment: Int
    /// Its memory, in RAM and in swap, when it began to grow, and as it was seen last.
    public let from: Bytes
    public let to: Bytes
    /// When it was last as small as that, or first seen so.
    public let since: Timestamp
    public let until: Timestamp
    /// Its size at each scan in which it was seen.
    public let sizes: [(at: Timestamp, size: Bytes)]

    public var growth: Bytes { to - from }

    public var perSecond: Bytes {
        let seconds = max((until.unixNanoseconds - since.unixNanoseconds) / 1_000_000_000, 1)
        return Bytes(growth.count / seconds)
    }

    public static func == (a: GrownProcess, b: GrownProcess) -> Bool {
        a.process == b.process && a.name == b.name && a.from == b.from && a.to == b.to && a.since == b.since && a.until == b.until
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(process) }

    /// The most grown first. Those that grew by less than a MiB are left out.
    public static func find(in scans: [ProcessScan], limit: Int = 5) -> [GrownProcess] {
        var seen: [Key: [Sighting]] = [:]
        for scan in scans {
            for process in scan.processes {
                seen[Key(process), default: []].append(Sighting(at: scan.time.wall, process: process))
            }
        }
        let grown = seen.values.compactMap(GrownProcess.init).filter { $0.growth >= least }
        return Array(grown.sorted { ($0.growth, $1.process) > ($1.growth, $0.process) }.prefix(limit))
    }

    private static let least = Bytes(kibibytes: 1 << 10)

    private struct Key: Hashable {
        let process: ProcessID
        let name: CommandName

        init(_ process: RecordedProcess) {
            self.process = process.process
            name = process.name
        }
    }

    private struct Sighting {
        let at: Timestamp
        let process: RecordedProcess
    }

    /// A process that came into the lists by its growth was smaller before its first sighting: that one knows since when.
    private init?(_ sightings: [Sighting]) {
        guard let first = sightings.first, let last = sightings.last else { return nil }
        var smallest = (size: first.process.size, at: first.at)
        if first.process.growth > .zero {
            smallest = (
                first.process.size - first.process.growth,
                Timestamp(unixNanoseconds: first.at.unixNanoseconds - first.process.since.count)
            )
        }
        for sighting in sightings where sighting.process.size <= smallest.size {
            smallest = (sighting.process.size, sighting.at)
        }
        process = first.process.process
        name = first.process.name
        adjustment = last.process.adjustment
        (from, since) = smallest
        (to, until) = (last.process.size, last.at)
        sizes = sightings.map { ($0.at, $0.process.size) }
    }
}
