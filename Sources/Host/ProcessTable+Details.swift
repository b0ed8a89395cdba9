public import Diagnosis
public import Kernel

extension ProcessTable {
    /// What is shown of a process beside what the scan took. Processes that have ended are left out.
    public func readDetails(
        of processes: [ProcessID], withCommandLines: Bool
    ) throws(SourceError) -> [ProcessID: ProcessReport.Details] {
        let start = try open()
        var reader = ProcessReader()
        var details: [ProcessID: ProcessReport.Details] = [:]
        for id in processes {
            do throws(ReadFailure) {
                details[id] = try reader.readDetails(of: id, from: start.descriptor, withCommandLine: withCommandLines)
            } catch  where error.isGone {
                continue
            } catch {
                throw error.sourceError("\(path)/\(id)")
            }
        }
        return details
    }

    /// The control groups of each. Processes that have ended or may not be read are left out.
    public func readMemberships(of processes: some Sequence<ProcessID>) throws(SourceError) -> [ProcessID: CgroupMembership] {
        let start = try open()
        var reader = ProcessReader()
        var memberships: [ProcessID: CgroupMembership] = [:]
        for id in processes {
            do throws(ReadFailure) {
                memberships[id] = try reader.readCgroups(of: id, from: start.descriptor)
            } catch  where error.isGone || error.isDenied {
                continue
            } catch {
                throw error.sourceError("\(path)/\(id)/cgroup")
            }
        }
        return memberships
    }

    /// The group that a process's memory is charged to; nil where it has ended, may not be read or is in none.
    public func readMemoryCgroup(of id: ProcessID) throws(SourceError) -> CgroupPath? {
        let start = try open()
        var reader = ProcessReader()
        do throws(ReadFailure) {
            return try reader.readCgroups(of: id, from: start.descriptor).memory?.path
        } catch  where error.isGone || error.isDenied {
            return nil
        } catch {
            throw error.sourceError("\(path)/\(id)/cgroup")
        }
    }
}

extension ProcessReader {
    fileprivate mutating func readDetails(
        of process: ProcessID, from start: Int32, withCommandLine: Bool
    ) throws(ReadFailure) -> ProcessReport.Details {
        ProcessReport.Details(
            score: try unlessUnreadable { reader throws(ReadFailure) in try reader.readScore(of: process, from: start) },
            memoryCgroup: try unlessAbsent { reader throws(ReadFailure) in
                try reader.readCgroups(of: process, from: start).memory?.path
            },
            startTime: try unlessUnreadable { reader throws(ReadFailure) in
                try reader.readStat(of: process, from: start).startTime
            },
            commandLine: try withCommandLine
                ? unlessUnreadable { reader throws(ReadFailure) in try reader.readCommandLine(of: process, from: start) } : nil)
    }

    /// What cannot be read of one process must not hide it, or the others.
    private mutating func unlessUnreadable<Value>(
        _ read: (inout ProcessReader) throws(ReadFailure) -> Value
    ) throws(ReadFailure) -> Value? {
        do { return try read(&self) } catch  where !error.isGone && !error.isShortage { return nil }
    }

    /// A kernel without control groups has no such file; that the process is there still is seen by its other files. What else
    /// is wrong with it hides nothing either.
    private mutating func unlessAbsent<Value>(
        _ read: (inout ProcessReader) throws(ReadFailure) -> Value?
    ) throws(ReadFailure) -> Value? {
        do { return try read(&self) } catch  where !error.isShortage { return nil }
    }
}
