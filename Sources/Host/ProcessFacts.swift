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

    /// Steps to a process.
    ///
    /// - Returns: false for one that has no adjustment of its own to be set, has ended or may not be read.
    /// - Throws: where we have not what it takes to read any.
    public func step(to process: ProcessID) throws(SourceError) -> Bool {
        (place, user, program) = (nil, nil, nil)
        do throws(ReadFailure) {
            let stat = try reader.readStat(of: process, from: start.descriptor)
            self.process = process
            (parent, startTime, commandName) = (stat.parent, stat.startTime, stat.commandName)
            return process != ProcessID(1) && !stat.flags.contains(.kernelThread) && stat.state != .zombie && !stat.state.isDead
        } catch  where !error.isShortage { return false } catch { throw error.sourceError(table.path) }
    }

    /// Whether the number still is that of the process stepped to, so that all that was read since is that one's.
    public func isSameStill() -> Bool {
        do { return try reader.readStat(of: process, from: start.descriptor).startTime == startTime } catch { return false }
    }

    public func readAdjustment(of process: ProcessID) -> OOMScoreAdjustment? {
        do { return try reader.readAdjustment(of: process, from: start.descriptor) } catch { return nil }
    }

    public func readPlace() -> PolicyPlace? {
        if let place { return place }
        let found = readPlaceNow()
        place = .some(found)
        return found
    }

    private func readPlaceNow() -> PolicyPlace? {
        do {
            let text = try reader.readText("cgroup", of: process, from: start.descriptor)
            if let known = places[text] { return known }
            let place = PolicyPlace(of: try CgroupMembership(parsing: text))
            places[text] = .some(place)
            return place
        } catch { return nil }
    }

    public func readUser() -> UInt32? {
        if let user { return user }
        var found: UInt32?
        do { found = try reader.readStatus(of: process, from: start.descriptor).userID } catch { found = nil }
        user = .some(found)
        return found
    }

    public func readExecutable() -> [UInt8]? {
        if let program { return program }
        let count = readlinkat(start.descriptor, "\(process)/exe", &link, link.count)
        if count < 0, errno == EACCES || errno == EPERM { deniedPrograms += 1 }
        let found = count > 0 ? Array(link.prefix(count).map(UInt8.init(bitPattern:))[...].withoutDeletedMark) : nil
        program = .some(found)
        return found
    }

    public func readIsSameFile() -> Bool {
        guard let path = readExecutable() else { return false }
        var (own, seen) = (stat(), stat())
        let name = Array(table.root.utf8) + path
        guard fstatat(start.descriptor, "\(process)/exe", &own, 0) == 0,
            stat(name.map { CChar(truncatingIfNeeded: $0) } + [0], &seen) == 0
        else { return false }
        return own.st_dev == seen.st_dev && own.st_ino == seen.st_ino
    }
}

extension ArraySlice<UInt8> {
    /// Kernel: fs/d_path.c, `path_with_deleted()`.
    fileprivate var withoutDeletedMark: ArraySlice<UInt8> {
        suffix(10).elementsEqual(" (deleted)".utf8) ? dropLast(10) : self
    }
}
