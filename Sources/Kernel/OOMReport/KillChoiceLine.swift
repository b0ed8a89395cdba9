/// The process that was chosen; the one that dies, a child of it perhaps, is in the next line.
///
/// Kernel: mm/oom_kill.c, `oom_kill_process()`; 2.6.16 to 5.0. Not rate-limited.
struct KillChoiceLine: Hashable, Sendable {
    let message: KillMessage
    let processID: ProcessID
    /// Nil where the line is cut.
    let comm: CommandName?
    /// Up to 2.6.35 the raw badness, then in thousandths of the memory; since 3.6 it may be above 1000.
    let score: Int?
}

extension KillChoiceLine {
    /// Nil if `text` is no such line.
    ///
    ///     Memory cgroup out of memory: Kill process 4015 (python) score 1923 or sacrifice child
    ///     Out of memory: kill process 4015 (python) score 1923 or a child
    init?(_ text: [UInt8]) {
        guard
            let (message, processID) = KillMessage.process(in: text, after: "Kill process ")
                ?? KillMessage.process(in: text, after: "kill process ")
        else { return nil }
        self.message = message
        self.processID = processID
        let start = text.startOfName
        let end = start.flatMap { text.endOfName(from: $0, before: [") score "]) }
        comm = start.flatMap { start in end.map { CommandName(text[start..<$0]) } }
        score = end.flatMap { text.decimal(at: $0 + 8) }
    }
}

extension [UInt8] {
    /// Behind `ill process 4015 (`; the message before it holds brackets too.
    fileprivate var startOfName: Int? {
        guard let words = first("ill process ") else { return nil }
        let end = endOfDigits(from: words + 12)
        // The blank went where a mailer broke the line.
        return has(" (", at: end) ? end + 2 : has("(", at: end) ? end + 1 : nil
    }
}
