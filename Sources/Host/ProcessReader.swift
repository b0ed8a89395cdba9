import Glibc
import Kernel

/// Reads the files of processes one after another into one buffer.
///
/// 2,000 processes are 4,000 files: names are put together as bytes, and no text is allocated for any of them.
struct ProcessReader {
    private var name: [CChar] = []
    private var text: [UInt8] = []
    private var piece = [UInt8](repeating: 0, count: 8192)

    /// - Parameters:
    ///   - process: whose file it is, seen from /proc; nil if `start` is the process's own directory.
    ///   - start: the open directory that the name is relative to.
    mutating func readText(_ file: StaticString, of process: ProcessID?, from start: Int32) throws(ReadFailure) -> [UInt8] {
        setName(process, file)
        try fill(from: start)
        return text
    }

    /// - Parameter path: absolute; its bytes need not be UTF-8.
    mutating func readText(_ path: [UInt8]) throws(ReadFailure) -> [UInt8] {
        name = path.map { CChar(truncatingIfNeeded: $0) } + [0]
        try fill(from: AT_FDCWD)
        return text
    }

    mutating func readStatus(of process: ProcessID?, from start: Int32) throws(ReadFailure) -> ProcessStatus {
        setName(process, "status")
        let status = try readNamedStatus(from: start)
        guard status.isZombieWithThreads, status.memory == nil else { return status }
        return status.with(memory: try readMemoryOfThreads(of: process, from: start))
    }

    /// `oom_score_adj`, or `oom_adj` where the kernel has only that (up to 2.6.35).
    mutating func readAdjustment(of process: ProcessID?, from start: Int32) throws(ReadFailure) -> OOMScoreAdjustment {
        do {
            setName(process, "oom_score_adj")
            try fill(from: start)
        } catch .errno(ENOENT) {
            setName(process, "oom_adj")
            try fill(from: start)
            return try parsed { text throws(ParseError) in try OOMScoreAdjustment(parsingOOMAdj: text) }
        }
        return try parsed { text throws(ParseError) in try OOMScoreAdjustment(parsing: text) }
    }

    mutating func readStat(of process: ProcessID?, from start: Int32) throws(ReadFailure) -> ProcessStat {
        setName(process, "stat")
        try fill(from: start)
        return try parsed { text throws(ParseError) in try ProcessStat(parsing: text) }
    }

    mutating func readCgroups(of process: ProcessID?, from start: Int32) throws(ReadFailure) -> CgroupMembership {
        setName(process, "cgroup")
        try fill(from: start)
        return try parsed { text throws(ParseError) in try CgroupMembership(parsing: text) }
    }

    mutating func readScore(of process: ProcessID?, from start: Int32) throws(ReadFailure) -> Int {
        setName(process, "oom_score")
        try fill(from: start)
        var cursor = LineCursor(text)
        guard cursor.nextLine(), let score = cursor.number() else {
            throw .malformed(cursor.error(in: "oom_score", expected: "a number"))
        }
        return score
    }

    /// The arguments, in as many pieces as the process gave or made of them.
    mutating func readCommandLine(of process: ProcessID?, from start: Int32) throws(ReadFailure) -> [[UInt8]] {
        setName(process, "cmdline")
        try fill(from: start)
        var arguments = text.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
        if arguments.last?.isEmpty == true { arguments.removeLast() }
        return arguments
    }
}

extension ProcessReader {
    private mutating func readNamedStatus(from start: Int32) throws(ReadFailure) -> ProcessStatus {
        try fill(from: start)
        return try parsed { text throws(ParseError) in try ProcessStatus(parsing: text) }
    }

    /// All threads have the same memory, but those that have exited show none. Kernel: mm/oom_kill.c, `find_lock_task_mm()`.
    private mutating func readMemoryOfThreads(
        of process: ProcessID?, from start: Int32
    ) throws(ReadFailure) -> ProcessStatus.Memory? {
        let folder = process.map { "\($0)/task" } ?? "task"
        for thread in try Directory(opening: folder, at: start).readNumbers() {
            setName(process, "task/")
            name.removeLast()
            append(thread)
            append("/status")
            do {
                if let memory = try readNamedStatus(from: start).memory { return memory }
            } catch  where error.isGone {
                continue
            }
        }
        return nil
    }

    private func parsed<Value>(_ parse: ([UInt8]) throws(ParseError) -> Value) throws(ReadFailure) -> Value {
        do { return try parse(text) } catch { throw .malformed(error) }
    }

    /// A read that is shorter than its room has met the end: the kernel prints these files whole before it copies them.
    private mutating func fill(from start: Int32) throws(ReadFailure) {
        text.removeAll(keepingCapacity: true)
        let file = openat(start, name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .errno(errno) }
        defer { close(file) }
        while true {
            let count = piece.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw .errno(errno) }
            piece.withUnsafeBufferPointer { text.append(contentsOf: $0.prefix(count)) }
            if count < piece.count { return }
        }
    }

    private mutating func setName(_ process: ProcessID?, _ file: StaticString) {
        name.removeAll(keepingCapacity: true)
        if let process {
            append(process)
            append("/")
            name.removeLast()
        }
        append(file)
    }

    /// Adds `literal` and the NUL that ends a name; `name.removeLast()` takes that off again.
    private mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { for byte in $0 { name.append(CChar(truncatingIfNeeded: byte)) } }
        name.append(0)
    }

    private mutating func append(_ process: ProcessID) {
        let first = name.count
        var rest = process.rawValue.magnitude
        repeat {
            name.append(CChar(UInt8(ascii: "0")) + CChar(rest % 10))
            rest /= 10
        } while rest > 0
        name[first...].reverse()
    }
}
