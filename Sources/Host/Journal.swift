import CLinux
import Glibc
public import Kernel

/// systemd's journal, followed from its end: what the daemons wrote that kill before the kernel has to.
///
/// Any user may log under any name. Fields that begin with `_` are journald's own word (systemd.journal-fields(7)), so an
/// entry counts if it came from the service of such a daemon, or under its name from root.
public struct Journal: ~Copyable {
    private let handle: JournalHandle
    private let descriptor: Int32
    /// Where a file lies on a network, nothing tells of its changes.
    private let timeout: Nanoseconds?

    /// Opens the journal of this machine, or the one below `root`.
    ///
    /// - Throws: `.absent` where there is none; else why it cannot be read, be it for want of libsystemd.
    public init(root: String) throws(SourceError) {
        let opened = try JournalHandle(root: root)
        let descriptor = try opened.check(oomwarden_journal_get_fd(opened.raw))
        try opened.check(oomwarden_journal_seek_end(opened.raw))
        try opened.addMatches()
        self.descriptor = descriptor
        timeout = oomwarden_journal_reliable_fd(opened.raw) == 1 ? nil : Nanoseconds(1_000_000_000)
        handle = opened
    }

    /// There is one, though perhaps it may not be read.
    public static func isPresent(root: String) -> Bool { !JournalFiles(root: root).paths.isEmpty }
}

extension Journal {
    /// A line of such a daemon, and when it was written.
    public struct Entry: Sendable {
        public let line: LogLine
        public let writtenAt: Timestamp
    }

    /// The next entry that has come since it was opened; nil if there is none yet.
    public mutating func readNext() throws(SourceError) -> Entry? {
        while try handle.check(oomwarden_journal_next(handle.raw)) > 0 {
            guard let program = handle.program, let text = handle.field("MESSAGE") else { continue }
            var microseconds: UInt64 = 0
            try handle.check(oomwarden_journal_get_realtime(handle.raw, &microseconds))
            let written = Int(clamping: microseconds)
            var line = LogLine(
                number: written, transport: .journal, isFromKernel: false, time: handle.timeSinceBoot, text: text)
            line.program = program
            return Entry(line: line, writtenAt: Timestamp(unixMicroseconds: written))
        }
        return nil
    }

    /// Blocks until something may have come, or `stop` is raised.
    public mutating func wait(until stop: WakeUp) throws(SourceError) {
        let ready = try waitForInput(on: [stop.descriptor.raw, descriptor], for: timeout)
        guard !ready.contains(stop.descriptor.raw) else { return }
        try handle.check(oomwarden_journal_process(handle.raw))
    }
}

extension JournalHandle {
    fileprivate func addMatches() throws(SourceError) {
        for name in LogLine.killers { try check(oomwarden_journal_add_match(raw, "_SYSTEMD_UNIT=\(name).service")) }
        try check(oomwarden_journal_add_disjunction(raw))
        for name in LogLine.killers { try check(oomwarden_journal_add_match(raw, "SYSLOG_IDENTIFIER=\(name)")) }
        try check(oomwarden_journal_add_match(raw, "_UID=0"))
    }

    /// Which of them wrote the entry.
    fileprivate var program: String? {
        let unit = field("_SYSTEMD_UNIT")
        if let name = LogLine.killers.first(where: { unit == Array("\($0).service".utf8) }) { return name }
        let name = field("SYSLOG_IDENTIFIER")
        return LogLine.killers.first { name == Array($0.utf8) }
    }
}
