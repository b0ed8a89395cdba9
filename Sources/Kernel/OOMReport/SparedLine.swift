/// The chosen process had ended by itself: nobody was killed.
///
/// Kernel: mm/oom_kill.c, `__oom_kill_process()`; since 5.9, before it says nothing.
struct SparedLine: Hashable, Sendable {
    let message: KillMessage
    let processID: ProcessID
}

extension SparedLine {
    /// Nil if `text` is no such line.
    ///
    ///     Memory cgroup out of memory: OOM victim 3804877 (stress) is already exiting. Skip killing the task
    init?(_ text: [UInt8]) {
        guard let (message, processID) = KillMessage.process(in: text, after: "OOM victim ") else { return nil }
        self.init(message: message, processID: processID)
    }
}
