/// What `stat` tells of a process: above all whether it is a kernel thread, and when it started.
///
/// Kernel: fs/proc/array.c, `do_task_stat()`.
public struct ProcessStat: Hashable, Sendable {
    public let process: ProcessID
    public let commandName: CommandName
    public let state: ProcessState
    public let parent: ProcessID
    public let flags: Flags
    /// Those that have not ended, and the first one until the process is gone.
    public let threads: Int
    public let startTime: ClockTicks

    /// Kernel: include/linux/sched.h, `PF_…`.
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// PF_KTHREAD, since 2.6.27. In older kernels the bit is set on kernel threads as well, but not on all of them.
        public static let kernelThread = Flags(rawValue: 0x0020_0000)
    }
}

extension ProcessStat {
    /// The text of /proc/<pid>/stat. The name is not escaped, so it ends at the last bracket of all.
    ///
    ///     2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 2 0 0 20 0 1 0 63 0 0 18446744073709551615 0 …
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else {
            throw ParseError(source: "stat", line: 0, expected: "a name in brackets", found: nil)
        }
        var head = LineCursor(Array(bytes[..<close]))
        guard head.nextLine(), let process = head.number(), head.skip(" ("), let id = Int32(exactly: process) else {
            throw head.error(in: "stat", expected: "a pid and a name in brackets")
        }
        var tail = LineCursor(Array(bytes[(close + 1)...]))
        guard tail.nextLine(), tail.skip(" "), let letter = tail.peek else {
            throw tail.error(in: "stat", expected: "a state after the name")
        }
        self.process = ProcessID(id)
        commandName = CommandName(head.bytes[head.at...])
        state = ProcessState(letter: letter)
        parent = ProcessID(Int32(truncatingIfNeeded: try tail.number(afterWords: 1, called: "ppid")))
        flags = Flags(rawValue: UInt32(truncatingIfNeeded: try tail.number(afterWords: 4, called: "flags")))
        threads = try tail.number(afterWords: 10, called: "num_threads")
        startTime = ClockTicks(try tail.number(afterWords: 1, called: "starttime"))
    }
}

extension LineCursor {
    fileprivate mutating func number(afterWords count: Int, called name: String) throws(ParseError) -> Int {
        for _ in 0..<count { _ = word() }
        guard let number = number() else { throw error(in: "stat", expected: "a number for \(name)") }
        return number
    }
}
