public import Kernel

/// Who started whom, of the processes that live at one moment. Whoever has lost its parent is a child of init's.
public struct ProcessTree: Sendable {
    private let startTimes: [ProcessID: ClockTicks]
    private let children: [ProcessID: [ProcessID]]

    init(_ stats: [ProcessStat]) {
        startTimes = Dictionary(stats.map { ($0.process, $0.startTime) }) { first, _ in first }
        children = Dictionary(grouping: stats) { $0.parent }.mapValues { $0.map(\.process) }
    }

    /// Nil for one that is not there.
    public func startTime(of process: ProcessID) -> ClockTicks? { startTimes[process] }

    /// Children, and theirs. Each is in it once, whatever the table says while it changes.
    public func descendants(of process: ProcessID) -> [ProcessID] {
        var found: [ProcessID] = []
        var seen: Set<ProcessID> = [process]
        var next = children[process] ?? []
        while let child = next.popLast() {
            guard seen.insert(child).inserted else { continue }
            found.append(child)
            next += children[child] ?? []
        }
        return found
    }
}

extension ProcessTable {
    /// Reads `stat` of every process. Those that end meanwhile, or may not be read, are not in it.
    ///
    /// - Throws: where /proc cannot be listed, or we have not what it takes to read any process.
    public func readTree() throws(SourceError) -> ProcessTree {
        ProcessTree(try readStats(of: try readProcessIDs()))
    }

    /// Those that have ended, or may not be read, are left out.
    public func readStats(of processes: some Sequence<ProcessID>) throws(SourceError) -> [ProcessStat] {
        let start = try open()
        var reader = ProcessReader()
        var stats: [ProcessStat] = []
        for id in processes {
            do throws(ReadFailure) {
                stats.append(try reader.readStat(of: id, from: start.descriptor))
            } catch  where !error.isShortage {
                continue
            } catch {
                throw error.sourceError(path)
            }
        }
        return stats
    }
}
