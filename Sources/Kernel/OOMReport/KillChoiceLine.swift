/// The process that was chosen; the one that dies, a child of it perhaps, is in the next line.
///
/// Kernel: mm/oom_kill.c, `oom_kill_process()`; up to 5.0. Not rate-limited.
struct KillChoiceLine: Hashable, Sendable {
    let message: KillMessage
    let processID: ProcessID
}

extension KillChoiceLine {
    /// Nil if `text` is no such line.
    ///
    ///     Memory cgroup out of memory: Kill process 4015 (python) score 1923 or sacrifice child
    init?(_ text: [UInt8]) {
        guard let (message, processID) = KillMessage.process(in: text, after: "Kill process ") else { return nil }
        self.init(message: message, processID: processID)
    }
}
