public import Kernel

/// A span of time in which somebody's work stood still for want of memory, whether or not anything was killed in the end.
public struct Stall: Hashable, Sendable {
    public let owner: Owner
    public let begin: RecordedTime
    /// nil while it goes on.
    public var end: RecordedTime?
    /// Every reason there was for it, in the order they came.
    public var reasons: [Reason]
    /// The worst there was of each.
    public var worst: Severity

    /// Whose work stood still.
    public enum Owner: Hashable, Sendable {
        case machine
        case cgroup(CgroupPath)
    }

    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// All who wanted to run waited for memory. Kernel: kernel/sched/psi.c, `PSI_MEM_FULL`.
        case pressure
        /// Pages that were in use were dropped and had to be read back. Kernel: mm/workingset.c.
        case refaults
        /// Requests had to reclaim memory themselves. Kernel: mm/vmscan.c, `ALLOCSTALL`.
        case allocationStalls = "allocation_stalls"
        /// Processes were made to sleep above `memory.high`. Kernel: mm/memcontrol.c, `mem_cgroup_handle_over_high()`.
        case memoryHigh = "memory_high"
        /// The group's limit was met again and again.
        case memoryMax = "memory_max"
        /// The group is full and nobody may be killed for it. Kernel: mm/memcontrol-v1.c, `oom_kill_disable`.
        case underOOM = "under_oom"
        /// The kernel told of a task that did not move for minutes. Kernel: kernel/hung_task.c, `check_hung_task()`.
        case hungTask = "hung_task"
    }

    /// How bad it was, over ten seconds.
    public struct Severity: Hashable, Sendable {
        /// The part of the time in which all waited, in hundredths of a per cent; nil without PSI.
        public var fullHundredths: Int?
        public var refaultedPerSecond = Bytes.zero
        public var allocationStallsPerSecond = 0
        /// Of `memory.high` or the limit.
        public var limitEventsPerSecond = 0

        public init() {}

        mutating func join(_ other: Severity) {
            fullHundredths = [fullHundredths, other.fullHundredths].compactMap { $0 }.max()
            refaultedPerSecond = max(refaultedPerSecond, other.refaultedPerSecond)
            allocationStallsPerSecond = max(allocationStallsPerSecond, other.allocationStallsPerSecond)
            limitEventsPerSecond = max(limitEventsPerSecond, other.limitEventsPerSecond)
        }
    }

    public init(owner: Owner, begin: RecordedTime, reasons: [Reason], worst: Severity) {
        self.owner = owner
        self.begin = begin
        self.reasons = reasons
        self.worst = worst
    }

    mutating func join(_ reasons: [Reason], _ severity: Severity) {
        self.reasons += reasons.filter { !self.reasons.contains($0) }
        worst.join(severity)
    }
}

extension Stall {
    /// The group that it is of; nil for the machine.
    public var group: CgroupPath? {
        switch owner {
        case .machine: nil
        case .cgroup(let path): path
        }
    }

    /// The same for its beginning and its end.
    public var id: String { "stall-\(begin.wall.unixNanoseconds / 1_000_000)" + (group.map { "-\($0.bytes.checksum)" } ?? "") }
}

extension [UInt8] {
    fileprivate var checksum: String {
        String(reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 } as UInt32, radix: 36)
    }
}
