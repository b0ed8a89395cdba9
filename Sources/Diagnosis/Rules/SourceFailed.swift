public import Kernel

extension Finding {
    /// A source that could not be read or understood: what hangs on it is missing from the answers.
    public static func sourceFailed(_ source: String, reason: String) -> Finding {
        Finding(
            id: "source_failed", severity: .warning, claim: "\(source) could not be read: \(reason)",
            evidence: [Evidence(source: source, quote: reason, value: nil)])
    }
}

extension Snapshot {
    /// One finding for each source that failed.
    public var sourceFindings: [Finding] {
        failures.map { .sourceFailed($0.source.name, reason: $0.error.reason) }
    }
}

extension Finding {
    /// What happens is shown, but would be lost with this process.
    ///
    /// - Parameters:
    ///   - waiting: events that are in memory only.
    ///   - dropped: events that memory had no room for either.
    public static func historyNotWritten(reason: String, waiting: Int, dropped: Int) -> Finding {
        Finding(
            id: "history_not_written", severity: dropped > 0 ? .critical : .warning,
            claim: "the history cannot be written: \(reason)",
            evidence: [
                Evidence(source: "store", quote: "\(waiting) events wait in memory", value: waiting),
                Evidence(source: "store", quote: "\(dropped) events were given up", value: dropped),
            ])
    }
}

extension Finding {
    /// Kernel: mm/oom_kill.c, `out_of_memory()`.
    public static let noVictimLeft = Finding(
        id: "no_victim_left", severity: .critical,
        claim: "no process may be killed: the kernel would panic at the next OOM",
        evidence: [Evidence(source: "processes", quote: "every process with memory has oom_score_adj -1000", value: nil)])
}
