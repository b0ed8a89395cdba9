/// The processes that could have been chosen, as far as the log has them.
///
/// Kernel: mm/oom_kill.c, `dump_tasks()`; since 2.6.25, if vm.oom_dump_tasks. Processes with memory of their own, no
/// kernel threads. The same page counts in every process that maps it.
public struct TaskTable: Hashable, Sendable {
    public var rows: [Task]
    /// From its header line to the line behind its last row without a break; badness computed from less may be wrong.
    public var isComplete: Bool
    /// Rows that were left out because there were too many.
    public var omitted: Int
    /// The header, whose column names say what the numbers are.
    public var line: QuotedLine?

    public init() {
        rows = []
        isComplete = false
        omitted = 0
    }

    /// What the log does not have as a column is nil.
    public struct Task: Hashable, Sendable {
        public var processID: ProcessID
        public var threadGroup: ProcessID?
        public var userID: Int?
        public var totalMemory: Pages?
        public var resident: Pages?
        /// Since 6.8.
        public var anonymous: Pages?
        public var file: Pages?
        public var shared: Pages?
        /// Bytes whatever the column is: `nr_ptes` and `nr_pmds` count pages of page tables.
        public var pageTables: Bytes?
        public var pageTablePages: Pages?
        public var swapped: Pages?
        /// −1000 … 1000; `oom_adj` of older kernels is converted as the kernel does.
        public var scoreAdjustment: Int?
        public var comm: CommandName
        /// The line of the input.
        public var line: Int

        public init(processID: ProcessID, comm: CommandName, line: Int) {
            self.processID = processID
            self.comm = comm
            self.line = line
        }
    }
}

/// A pool of huge pages of one node: `Node 0 hugepages_total=900 hugepages_free=880 hugepages_surp=0 hugepages_size=2048kB`.
public struct HugePagePool: Hashable, Sendable {
    public var node: Int?
    public var total: Int
    public var free: Int
    public var surplus: Int?
    public var size: Bytes
    public var line: QuotedLine

    public init(node: Int?, total: Int, free: Int, surplus: Int?, size: Bytes, line: QuotedLine) {
        self.node = node
        self.total = total
        self.free = free
        self.surplus = surplus
        self.size = size
        self.line = line
    }
}

/// A row of `Unreclaimable slab info:`. Kernel: mm/slab_common.c, `dump_unreclaimable_slab()`; since 4.15.
public struct SlabCache: Hashable, Sendable {
    public var name: String
    public var used: Bytes
    public var total: Bytes
    public var line: QuotedLine

    public init(name: String, used: Bytes, total: Bytes, line: QuotedLine) {
        self.name = name
        self.used = used
        self.total = total
        self.line = line
    }
}
