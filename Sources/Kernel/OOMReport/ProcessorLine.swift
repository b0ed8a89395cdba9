/// The line under the header that has the asker's process number.
///
/// Kernel: lib/dump_stack.c, `dump_stack_print_info()`; with `UID:` since 6.11.
struct ProcessorLine: Hashable, Sendable {
    let processID: ProcessID
    private let name: [UInt8]
}

extension ProcessorLine {
    /// Nil if `text` is no such line.
    ///
    ///     CPU: 0 UID: 0 PID: 121 Comm: big Not tainted 7.2.13+deb14-amd64 #1 PREEMPT(lazy)  Debian 7.2.13-1
    init?(_ text: [UInt8]) {
        guard text.starts(with: "CPU: ") else { return nil }
        var at = text.endOfDigits(from: 5)
        if text.has(" UID: ", at: at) { at = text.endOfDigits(from: at + 6) }
        guard text.has(" PID: ", at: at), let processID = text.processID(at: at + 6) else { return nil }
        at = text.endOfDigits(from: at + 6)
        guard text.has(" Comm: ", at: at) else { return nil }
        self.processID = processID
        name = Array(text[(at + 7)...])
    }

    /// Where the name ends cannot be seen: it may hold blanks. So it is asked for.
    func isAbout(_ comm: CommandName) -> Bool {
        name.starts(with: comm.bytes) && name.has(" ", at: comm.bytes.count)
    }
}
