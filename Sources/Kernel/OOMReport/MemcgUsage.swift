/// A memory cgroup that reached a limit, as the report describes it.
///
/// Kernel: mm/memcontrol.c, `mem_cgroup_print_oom_meminfo()`; since 2.6.30.
public struct MemcgUsage: Hashable, Sendable {
    /// `memory: usage 102400kB, limit 102400kB, failcnt 756`
    public var memory: Counter?
    /// cgroup v1, or v2 before 5.3 where it says nothing.
    public var memoryAndSwap: Counter?
    /// cgroup v2 since 5.3.
    public var swap: Counter?
    public var kernel: Counter?
    /// The statistics of the group whose limit was reached; in bytes whatever the log's unit is, events left out.
    public var statistics: [Amount]
    /// The group that the statistics are of, as printed.
    public var statisticsOf: CgroupPath?
    public var statisticsLine: QuotedLine?

    public init() { statistics = [] }

    public struct Counter: Hashable, Sendable {
        public var usage: Bytes
        /// nil for no limit.
        public var limit: Bytes?
        public var failures: Int?
        public var line: QuotedLine

        public init(usage: Bytes, limit: Bytes?, failures: Int?, line: QuotedLine) {
            self.usage = usage
            self.limit = limit
            self.failures = failures
            self.line = line
        }
    }

    /// With the groups below it where the log has both numbers: the limit is theirs too.
    public subscript(_ name: String) -> Bytes? {
        let total = "total_" + name
        return (statistics.first { $0.name == total } ?? statistics.first { $0.name == name })?.bytes
    }
}
