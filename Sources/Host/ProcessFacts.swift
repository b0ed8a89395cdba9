public import Diagnosis
import Glibc
public import Kernel

/// One process after another, as policies look at them: `stat` of each, and what else a policy asks for, once. Made for one look.
public final class ProcessFacts: PolicySubject {
    public private(set) var process = ProcessID(0)
    public private(set) var parent = ProcessID(0)
    public private(set) var startTime = ClockTicks(0)
    public private(set) var commandName = CommandName([])
    /// Of how many processes the program's file may not be seen: that takes the right to trace them.
    public private(set) var deniedPrograms = 0
    private let table: ProcessTable
    private let start: Directory
    private var reader = ProcessReader()
    /// Many processes are in one group.
    private var places: [[UInt8]: PolicyPlace?] = [:]
    private var place: PolicyPlace??
    private var user: UInt32??
    private var program: [UInt8]??
    private var link = [CChar](repeating: 0, count: Int(PATH_MAX))

    public init(of table: ProcessTable) throws(SourceError) {
        self.table = table
        start = try table.open()
    }

    /// The numbers of all processes.
    public func readProcesses() throws(SourceError) -> [ProcessID] {
        do { return try start.readNumbers() } catch { throw error.sourceError(table.path) }
    }

    /// How a process can be looked at.
    public enum Step: Hashable, Sendable {
        case there
        /// It cannot be told what it is: it may not be read, or its first thread has ended and others live on. Then it has no
        /// `exe`, and `cgroup` shows the root of version 1. Kernel: kernel/cgroup/cgroup.c, `proc_cgroup_show()`.
        case hidden
        /// It has ended, or has no adjustment of its own to be set.
        case none
    }

    /// Steps to a process.
    ///
    /// - Throws: where we have not what it takes to read any; so do all other readings.
    public func step(to process: ProcessID) throws(SourceError) -> Step {
        (place, user, program) = (nil, nil, nil)
        do throws(ReadFailure) {
            let stat = try reader.readStat(of: process, from: start.descriptor)
            self.process = process
            (parent, startTime, commandName) = (stat.parent, stat.startTime, stat.commandName)
            if process == ProcessID(1) || stat.flags.contains(.kernelThread) || stat.state.isDead { return .none }
            guard stat.state == .zombie else { return .there }
            return stat.threads > 1 ? .hidden : .none
        } catch  where error.isGone {
            return .none
        } catch {
            try throwIfShort(error)
            return .hidden
        }
    }

    /// Whether the number still is that of the process stepped to, so that all that was read since is that one's.
    public func isSameStill() throws(SourceError) -> Bool {
        let (process, started) = (process, startTime)
        return try value { reader throws(ReadFailure) in try reader.readStat(of: process, from: start.descriptor) }?.startTime
            == started
    }

    /// Nil where it may not be read, or there is none.
    public func readAdjustment(of process: ProcessID) throws(SourceError) -> OOMScoreAdjustment? {
        try value { reader throws(ReadFailure) in try reader.readAdjustment(of: process, from: start.descriptor) }
    }

    public func readPlace() throws(SourceError) -> PolicyPlace? {
        if let place { return place }
        let found = try readPlaceNow()
        place = .some(found)
        return found
    }

    private func readPlaceNow() throws(SourceError) -> PolicyPlace? {
        let process = process
        let text = try value { reader throws(ReadFailure) in try reader.readText("cgroup", of: process, from: start.descriptor) }
        guard let text else { return nil }
        if let known = places[text] { return known }
        var place: PolicyPlace?
        do { place = PolicyPlace(of: try CgroupMembership(parsing: text)) } catch { place = nil }
        places[text] = .some(place)
        return place
    }

    public func readUser() throws(SourceError) -> UInt32? {
        if let user { return user }
        let process = process
        let found = try value { reader throws(ReadFailure) in try reader.readStatus(of: process, from: start.descriptor).userID }
        user = .some(found)
        return found
    }

    public func readExecutable() throws(SourceError) -> [UInt8]? {
        if let program { return program }
        let count = readlinkat(start.descriptor, "\(process)/exe", &link, link.count)
        if count < 0 {
            let failure = errno
            try throwIfShort(.errno(failure))
            if failure == EACCES || failure == EPERM { deniedPrograms += 1 }
        }
        let found = count > 0 ? Array(link.prefix(count).map(UInt8.init(bitPattern:))[...].withoutDeletedMark) : nil
        program = .some(found)
        return found
    }

    public func readIsSameFile() throws(SourceError) -> Bool {
        guard let path = try readExecutable() else { return false }
        var (own, seen) = (stat(), stat())
        let name = Array(table.root.utf8) + path
        guard fstatat(start.descriptor, "\(process)/exe", &own, 0) == 0,
            stat(name.map { CChar(truncatingIfNeeded: $0) } + [0], &seen) == 0
        else {
            try throwIfShort(.errno(errno))
            return false
        }
        return own.st_dev == seen.st_dev && own.st_ino == seen.st_ino
    }
}

extension ProcessFacts {
    /// Nil where the process does not show it.
    private func value<Value>(
        _ read: (inout ProcessReader) throws(ReadFailure) -> Value
    ) throws(SourceError) -> Value? {
        do throws(ReadFailure) { return try read(&reader) } catch {
            try throwIfShort(error)
            return nil
        }
    }

    private func throwIfShort(_ failure: ReadFailure) throws(SourceError) {
        if failure.isShortage { throw failure.sourceError(table.path) }
    }
}

extension ArraySlice<UInt8> {
    /// Kernel: fs/d_path.c, `path_with_deleted()`.
    fileprivate var withoutDeletedMark: ArraySlice<UInt8> {
        suffix(10).elementsEqual(" (deleted)".utf8) ? dropLast(10) : self
    }
}
