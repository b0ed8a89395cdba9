/// The words before a kill line: all that tells the kind of OOM where there is no report.
///
/// Kernel: mm/oom_kill.c, the `message` of `oom_kill_process()`.
enum KillMessage: Hashable, Sendable {
    case memcg
    case global
    /// vm.oom_kill_allocating_task: nobody was compared with anybody.
    case allocatingTask

    /// The message at the start of a line, and where the words behind its `: ` begin.
    static func at(startOf text: [UInt8]) -> (KillMessage, Int)? {
        if text.starts(with: "Memory cgroup out of memory: ") { return (.memcg, 29) }
        if text.starts(with: "Out of memory: ") { return (.global, 15) }
        if text.starts(with: "Out of memory (oom_kill_allocating_task): ") { return (.allocatingTask, 42) }
        return nil
    }

    /// The kernel has the same words for an OOM of the machine, of a cpuset, of a memory policy and for SysRq f; without
    /// the report nothing tells which. It is counted as the machine's, by far the commonest; its `constraint` stays nil.
    var scope: OOMEvent.Scope { self == .memcg ? .memcg : .global }
}

extension KillMessage {
    /// The process that stands behind the message and `literal`: `Out of memory: OOM victim 4711 (a)`.
    static func process(in text: [UInt8], after literal: StaticString) -> (KillMessage, ProcessID)? {
        guard let (message, start) = at(startOf: text), text.has(literal, at: start),
            let processID = text.processID(at: start + literal.utf8CodeUnitCount)
        else { return nil }
        return (message, processID)
    }
}
