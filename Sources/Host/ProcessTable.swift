import Glibc
public import Kernel

/// All processes of a /proc, as they are at the moment of each call. It keeps nothing between calls.
public struct ProcessTable: Sendable {
    public let root: String

    /// - Parameter root: a directory that holds another machine's `proc`; empty for this machine.
    public init(root: String = "") { self.root = root }

    /// One look at all processes, and at what escaped it.
    public struct Scan: Sendable {
        /// In the directory's order, which is by pid.
        public var processes: [ProcessReading] = []
        /// Ended between the listing and the reading.
        public var gone = 0
        /// Not to be read by us (`hidepid=1`).
        public var denied = 0
        /// Whose text is none that a kernel is known to print, or that failed in another way.
        public var failed = 0
        /// How the first of those failed.
        public var firstFailure: SourceError?
    }

    /// Reads `status` and `oom_score_adj` of every process.
    ///
    /// - Throws: where /proc cannot be listed, or we have not what it takes to read any process.
    public func readAll() throws(SourceError) -> Scan {
        let start = try open()
        let ids: [ProcessID]
        do { ids = try start.readNumbers() } catch { throw error.sourceError(path) }
        var reader = ProcessReader()
        var scan = Scan()
        scan.processes.reserveCapacity(ids.count)
        for id in ids {
            do throws(ReadFailure) {
                let status = try reader.readStatus(of: id, from: start.descriptor)
                let adjustment = try reader.readAdjustment(of: id, from: start.descriptor)
                scan.processes.append(ProcessReading(status: status, adjustment: adjustment))
            } catch  where error.isGone {
                scan.gone += 1
            } catch  where error.isDenied {
                scan.denied += 1
            } catch  where !error.isShortage {
                scan.failed += 1
                scan.firstFailure = scan.firstFailure ?? error.sourceError("\(path)/\(id)")
            } catch {
                throw error.sourceError(path)
            }
        }
        return scan
    }

    /// Opens the directory of all processes and reads nothing of it.
    public func checkMayBeOpened() throws(SourceError) { _ = try open() }

    /// The numbers of all processes.
    public func readProcessIDs() throws(SourceError) -> [ProcessID] {
        let start = try open()
        do { return try start.readNumbers() } catch { throw error.sourceError(path) }
    }

    /// The adjustments alone. Processes that have ended or may not be read are left out.
    public func readAdjustments(of processes: some Sequence<ProcessID>) throws(SourceError) -> [ProcessID: OOMScoreAdjustment] {
        let start = try open()
        var reader = ProcessReader()
        var adjustments: [ProcessID: OOMScoreAdjustment] = [:]
        for id in processes {
            do throws(ReadFailure) {
                adjustments[id] = try reader.readAdjustment(of: id, from: start.descriptor)
            } catch  where error.isGone || error.isDenied {
                continue
            } catch {
                throw error.sourceError("\(path)/\(id)")
            }
        }
        return adjustments
    }
}

extension ProcessTable {
    var path: String { root + "/proc" }

    /// Opened at each call: another machine's root may be replaced at any time.
    func open() throws(SourceError) -> Directory {
        do { return try Directory(opening: path) } catch { throw error.sourceError(path) }
    }
}
