public import Kernel

/// Why a process is not chosen, whatever its size.
///
/// Kernel: mm/oom_kill.c, `oom_unkillable_task()`, `oom_badness()`, `oom_evaluate_task()`.
public enum Exclusion: String, CaseIterable, Hashable, Sendable {
    case kernelThread = "kernel_thread"
    case initProcess = "init"
    /// oom_score_adj is −1000.
    case exempt
    /// SIGKILL is on its way, or its memory has been taken already.
    case beingKilled = "being_killed"
    /// It is in the middle of vfork() and lives in its parent's memory.
    case vfork
    /// It may use none of the nodes that ran out.
    case otherNodes = "other_nodes"
    /// It has exited and waits for its parent.
    case zombie
}

/// A process that is not chosen.
public struct ExcludedProcess: Hashable, Sendable {
    public let status: ProcessStatus
    public let reason: Exclusion

    public init(status: ProcessStatus, reason: Exclusion) {
        self.status = status
        self.reason = reason
    }
}

extension Exclusion {
    /// By the scan alone; nil for one that may be chosen as far as that tells.
    init?(of reading: ProcessReading) {
        let status = reading.status
        if status.process == ProcessID(1) {
            self = .initProcess
        } else if status.memory == nil {
            self = status.state == .zombie || status.state.isDead ? .zombie : .kernelThread
        } else if reading.adjustment == .exempt {
            self = .exempt
        } else {
            return nil
        }
    }

    /// By what was read of it, and by its parent.
    ///
    /// - Parameter expected: the score that it would have if the kernel passed it over for no reason.
    init?(of reading: ProcessReading, _ details: VictimDetails, parent: ProcessStatus?, expected: Int, nodes: NodeSet?) {
        if details.status.isKillPending {
            self = .beingKilled
        } else if let nodes, Self.isElsewhere(details, nodes) {
            self = .otherNodes
        } else if details.score == 0, expected >= 2 {
            // `proc_oom_score()` shows 0 for whom `oom_badness()` passes over: one whose memory was reaped, or one in vfork().
            self = Self.isVfork(reading.status, details, parent) ? .vfork : .beingKilled
        } else {
            return nil
        }
    }

    /// The parent sleeps until the child lets go of its memory.
    private static func isVfork(_ status: ProcessStatus, _ details: VictimDetails, _ parent: ProcessStatus?) -> Bool {
        guard let parent, parent.state == ProcessState(letter: UInt8(ascii: "D")) else { return false }
        return details.sharing.contains(parent.process) || parent.memory == status.memory
    }

    private static func isElsewhere(_ details: VictimDetails, _ nodes: NodeSet) -> Bool {
        if let allowed = details.status.allowedNodes, !allowed.intersects(nodes) { return true }
        if case .bound(let bound) = details.policy { return !bound.intersects(nodes) }
        return false
    }
}
