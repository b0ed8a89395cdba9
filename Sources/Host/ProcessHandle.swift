import Glibc
public import Kernel

/// One process, held by the open directory of its /proc: whatever is read or written through it is that process's, or fails.
///
/// It is the only writer of `oom_score_adj`. A pid that is given again has another directory.
public struct ProcessHandle: ~Copyable {
    public let process: ProcessID
    public let startTime: ClockTicks
    private let directory: Directory
    private let path: String

    /// - Throws: `.noSuchProcess`, or `.isThread` for the number of another thread than the first, which /proc opens as well.
    public init(opening process: ProcessID, in table: ProcessTable) throws(ProcessError) {
        let path = "\(table.path)/\(process)"
        let directory = try Self.open(path, of: process)
        startTime = try Self.readStartTime(of: process, from: directory.descriptor, path)
        self.process = process
        self.path = path
        self.directory = directory
    }

    private static func open(_ path: String, of process: ProcessID) throws(ProcessError) -> Directory {
        do { return try Directory(opening: path) } catch {
            throw error.isGone ? .noSuchProcess(process) : error.processError(process, path)
        }
    }

    private static func readStartTime(
        of process: ProcessID, from start: Int32, _ path: String
    ) throws(ProcessError) -> ClockTicks {
        var reader = ProcessReader()
        let status: ProcessStatus
        let stat: ProcessStat
        do {
            status = try reader.readStatus(of: nil, from: start)
            stat = try reader.readStat(of: nil, from: start)
        } catch {
            throw error.processError(process, path)
        }
        guard status.threadGroup == status.process else { throw .isThread(process, of: status.threadGroup) }
        return stat.startTime
    }

    public func readStatus() throws(ProcessError) -> ProcessStatus {
        try read("status") { reader, start throws(ReadFailure) in try reader.readStatus(of: nil, from: start) }
    }

    public func readAdjustment() throws(ProcessError) -> OOMScoreAdjustment {
        try read("oom_score_adj") { reader, start throws(ReadFailure) in try reader.readAdjustment(of: nil, from: start) }
    }

    public func readScore() throws(ProcessError) -> Int {
        try read("oom_score") { reader, start throws(ReadFailure) in try reader.readScore(of: nil, from: start) }
    }

    /// Nil on a kernel without control groups.
    public func readCgroups() throws(ProcessError) -> CgroupMembership? {
        do {
            return try read("cgroup") { reader, start throws(ReadFailure) in try reader.readCgroups(of: nil, from: start) }
        } catch .gone { return nil }
    }

    /// The kernel may have to bring the pages in from a file system that does not answer: never under a lock.
    public func readCommandLine() throws(ProcessError) -> [[UInt8]] {
        try read("cmdline") { reader, start throws(ReadFailure) in try reader.readCommandLine(of: nil, from: start) }
    }

    private func read<Value>(
        _ file: String, _ body: (inout ProcessReader, Int32) throws(ReadFailure) -> Value
    ) throws(ProcessError) -> Value {
        var reader = ProcessReader()
        do { return try body(&reader, directory.descriptor) } catch { throw error.processError(process, "\(path)/\(file)") }
    }
}

extension ProcessHandle {
    /// - Throws: where an adjustment would mean nothing: the first process, a kernel thread, a zombie; and `.gone`.
    public func checkIsKillable() throws(ProcessError) {
        guard process != ProcessID(1) else { throw .initProcess }
        let stat = try read("stat") { reader, start throws(ReadFailure) in try reader.readStat(of: nil, from: start) }
        guard stat.startTime == startTime, !stat.state.isDead else { throw .gone(process) }
        guard !stat.flags.contains(.kernelThread) else { throw .kernelThread(process) }
        guard stat.state == .zombie else { return }
        guard try readStatus().isZombieWithThreads else { throw .zombie(process) }
    }

    /// Opens the file as `write` does and leaves it as it is.
    public func checkMayBeOpened() throws(ProcessError) {
        try checkIsKillable()
        try withAdjustmentFile { _, _ throws(ProcessError) in }
    }

    /// Writes `oom_score_adj`, or `oom_adj` where the kernel has only that (up to 2.6.35).
    ///
    /// Since 4.8 the kernel gives the value to all processes that share the memory. Kernel: fs/proc/base.c, `__set_oom_adj()`.
    ///
    /// - Parameter floor: a privileged write moves the floor below which the process itself may not go (`oom_score_adj_min`) to
    ///   the new value. To lower a value below the floor it must; any other write would only take a way back from the process.
    public func write(_ adjustment: OOMScoreAdjustment, floor: Floor = .moves) throws(ProcessError) {
        switch floor {
        case .moves: try writeAsIs(adjustment)
        case .stays:
            try Capabilities.withoutSysResource(of: process) { () throws(ProcessError) in try writeAsIs(adjustment) }
        }
    }

    /// What becomes of the floor where we may move it.
    public enum Floor: Hashable, Sendable {
        case stays
        case moves
    }

    private func writeAsIs(_ adjustment: OOMScoreAdjustment) throws(ProcessError) {
        try checkIsKillable()
        try withAdjustmentFile { file, isLegacy throws(ProcessError) in
            let text = Array("\(isLegacy ? adjustment.oomAdj : adjustment.rawValue)\n".utf8)
            guard Glibc.write(file, text, text.count) != text.count else { return }
            throw errno == ESRCH ? .gone(process) : .refused(.init(process: process, step: .write, errno: errno))
        }
    }

    private func withAdjustmentFile(_ body: (Int32, Bool) throws(ProcessError) -> Void) throws(ProcessError) {
        var isLegacy = false
        var file = openat(directory.descriptor, "oom_score_adj", O_WRONLY | O_CLOEXEC)
        if file < 0, errno == ENOENT {
            isLegacy = true
            file = openat(directory.descriptor, "oom_adj", O_WRONLY | O_CLOEXEC)
        }
        guard file >= 0 else {
            let failure = ReadFailure.errno(errno)
            throw failure.isGone ? .gone(process) : .refused(.init(process: process, step: .open, errno: errno))
        }
        defer { close(file) }
        try body(file, isLegacy)
    }
}
