/// What the kernel printed about one failed request for memory: whole, or what is left of it.
///
/// What the log does not say is nil or empty, never 0. Kernel: mm/oom_kill.c, `dump_header()`, and mm/page_alloc.c,
/// `warn_alloc()`; from 2.4 on.
public struct OOMReport: Hashable, Sendable {
    public var kind: Kind
    /// A part that its kernel prints in such a report is missing or torn.
    public var isPartial: Bool
    /// The first and the last line of the input that belong to it; of the kernel's ring, the records' sequence numbers.
    public var lines: ClosedRange<Int>
    /// The line that it is known by: the first kill line, else the first of the report.
    public var anchor: Int
    public var transport: LogTransport
    /// The kernel's stamp of the anchor.
    public var time: TimeSinceBoot?
    /// The transport's date of the anchor.
    public var wallClock: WallTime?
    /// The release as `uname -r` has it: `6.1.0-56-amd64`.
    public var release: String?
    /// Our judgement of what had run out.
    public var scope: OOMScope
    /// The log's own word in small letters: `none`, `cpuset`, `mempolicy`, `memcg`, or a later one.
    public var constraint: String?
    /// The nodes that a memory policy or a cpuset left to the request, as printed: `0-1`. nil for all.
    public var nodeMask: String?
    /// The cgroup whose limit was reached; it may be an ancestor of the victim's.
    public var limitCgroup: CgroupPath?
    public var victimCgroup: CgroupPath?
    public var invoker: Invoker?
    public var request: Request?
    /// In the order of the log, nodes and zones as printed.
    public var zones: [ReportedZone]
    public var nodes: [ReportedNode]
    /// `active_anon:1234 …`: the whole machine's counters, in pages.
    public var counters: MemoryCounters?
    public var memcg: MemcgUsage?
    public var swap: Swap?
    public var hugePages: [HugePagePool]
    public var totals: Totals
    /// Unreclaimable slab caches, largest first as far as the log has them so.
    public var slabs: [SlabCache]
    public var tasks: TaskTable
    /// Those that the kernel killed, in order, each once.
    public var victims: [Victim]
    /// Whom a two-line kill had chosen before a child died for it; up to 5.0.
    public var chosen: Chosen?
    /// Why nobody died, where kind is `noKill`.
    public var refusal: Refusal?
    /// memory.oom.group: all of the group die.
    public var isWholeGroup: Bool
    /// The lines that statements are quoted from.
    public var quotes: Quotes
}

extension OOMReport {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case kill
        /// The kernel prints at most ten reports in five seconds, but every kill.
        case killWithoutReport = "kill_without_report"
        /// There was an OOM, and the kernel killed nobody for it.
        case noKill = "no_kill"
        /// A request failed and nobody was killed: `page allocation failure`.
        case allocationFailure = "allocation_failure"
        /// systemd-oomd, earlyoom and their like.
        case userspaceKill = "userspace_kill"
    }

    /// Who asked for the memory.
    public struct Invoker: Hashable, Sendable {
        public var comm: CommandName
        public var processID: ProcessID?
        /// The asker's, not the victim's. `oom_adj` of old kernels is converted.
        public var scoreAdjustment: Int?

        public init(comm: CommandName, processID: ProcessID? = nil, scoreAdjustment: Int? = nil) {
            self.comm = comm
            self.processID = processID
            self.scoreAdjustment = scoreAdjustment
        }
    }

    /// What was asked for.
    public struct Request: Hashable, Sendable {
        public var mask: GFPMask?
        /// A power of two of pages; -1 for SysRq f.
        public var order: Int?
        /// The kind that the mask stands for, its bits read as in the era of its kernel; nil where that is not known.
        public var kind: AllocationRequest?

        public init(mask: GFPMask?, order: Int?, kind: AllocationRequest?) {
            self.mask = mask
            self.order = order
            self.kind = kind
        }
    }

    public struct Swap: Hashable, Sendable {
        public var total: Bytes
        public var free: Bytes

        public init(total: Bytes, free: Bytes) {
            self.total = total
            self.free = free
        }
    }

    /// The last lines of Mem-Info. `ram`: `524158 pages RAM`. `highMemory` counts Movable too (`HighMem/MovableOnly`).
    public struct Totals: Hashable, Sendable {
        public var ram: Pages?
        public var highMemory: Pages?
        public var reserved: Pages?
        public var cmaReserved: Pages?
        public var hardwarePoisoned: Pages?
        public var pageCache: Pages?
        public var swapCache: Pages?

        public init() {}
    }

    /// Up to 5.0 the first of the two kill lines.
    public struct Chosen: Hashable, Sendable {
        public var processID: ProcessID
        public var comm: CommandName?
        public var score: Int?

        public init(processID: ProcessID, comm: CommandName?, score: Int?) {
            self.processID = processID
            self.comm = comm
            self.score = score
        }
    }

    public enum Refusal: String, CaseIterable, Hashable, Sendable {
        /// `Out of memory and no killable processes`, without a panic for it.
        case nobodyToKill = "no_killable_process"
        /// The chosen process was ending already.
        case alreadyExiting = "already_exiting"
        /// vm.panic_on_oom, or nobody was left to be killed: `Kernel panic - not syncing: …`.
        case panic
        /// RHEL 3 and 4: `Would have oom-killed but /proc/sys/vm/oom-kill is disabled`.
        case switchedOff = "oom_kill_disabled"
    }

    /// The lines that evidence is quoted from; nil where the log has none.
    public struct Quotes: Hashable, Sendable {
        public var header: QuotedLine?
        public var summary: QuotedLine?
        /// Of the first victim.
        public var kill: QuotedLine?
        public var choice: QuotedLine?
        /// `Task in /a killed as a result of limit of /b`.
        public var limit: QuotedLine?
        public var counters: [QuotedLine] = []
        public var totalRAM: QuotedLine?
        public var highMemory: QuotedLine?
        public var pageCache: QuotedLine?
        public var swapFree: QuotedLine?
        public var swapTotal: QuotedLine?
        /// The words of a refusal or a panic, of SysRq, of a userspace killer.
        public var remark: QuotedLine?

        public init() {}
    }
}

/// What had run out of memory, by our judgement.
public enum OOMScope: String, Hashable, Sendable, CaseIterable {
    case global, memcg, cpuset, mempolicy, manual, unknown
}

extension OOMReport {
    /// A report of which nothing is known yet.
    public init(kind: Kind, at line: LogLine) {
        self.kind = kind
        isPartial = false
        lines = line.number...line.number
        anchor = line.number
        transport = line.transport
        time = line.time
        wallClock = line.wallClock
        scope = .unknown
        zones = []
        nodes = []
        hugePages = []
        totals = Totals()
        slabs = []
        tasks = TaskTable()
        victims = []
        isWholeGroup = false
        quotes = Quotes()
    }
}
