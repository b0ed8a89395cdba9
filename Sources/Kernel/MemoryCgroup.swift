/// A memory control group as its files tell of it; what the kernel does not have for it is nil.
///
/// Kernel: mm/memcontrol.c, `memory_files`; for version 1 mm/memcontrol-v1.c, `mem_cgroup_legacy_files`.
public struct MemoryCgroup: Hashable, Sendable {
    public let path: CgroupPath
    public let version: Version
    /// memory.current, memory.usage_in_bytes: page cache counts.
    public var usage: Bytes?
    /// memory.max, memory.limit_in_bytes: at it the kernel reclaims, then kills. Nil: none.
    public var maximum: Bytes?
    /// memory.high: above it processes are slowed down and nobody is killed. Version 2.
    public var high: Bytes?
    public var swap = Swap()
    public var events = Events()
    /// How long its processes wait for memory. Version 2.
    public var pressure: Pressure?
    /// memory.oom.group: all processes die together. Version 2, since 4.19.
    public var killsTogether: Bool?
    /// memory.oom_control of version 1: nobody is killed, processes wait.
    public var waitsInstead: Bool?
    /// Version 1: processes are waiting in it.
    public var isOutOfMemory: Bool?
    /// memory.swappiness of version 1; at 0 badness leaves the swap out of account.
    public var swappiness: Int?
    /// False for a group of version 1 whose memory counts in none above it (possible up to 5.10).
    public var countsInParent = true

    public enum Version: Int, Hashable, Sendable { case one = 1, two = 2 }

    public struct Swap: Hashable, Sendable {
        /// memory.swap.current. Version 2.
        public var usage: Bytes?
        /// memory.swap.max. Version 2.
        public var maximum: Bytes?
        /// memory.memsw.usage_in_bytes: memory and swap together. Version 1.
        public var totalUsage: Bytes?
        /// memory.memsw.limit_in_bytes. Version 1.
        public var totalMaximum: Bytes?

        public init() {}
    }

    /// memory.events of version 2 counts the groups below with it; of version 1 only failcnt and oom_kill are there.
    public struct Events: Hashable, Sendable {
        public var low: Int?
        public var high: Int?
        public var max: Int?
        public var oom: Int?
        public var oomKill: Int?
        public var oomGroupKill: Int?
        /// memory.failcnt: how often the limit was met. Version 1.
        public var failures: Int?

        public init() {}
    }

    public init(path: CgroupPath, version: Version) {
        self.path = path
        self.version = version
    }
}

extension MemoryCgroup.Events {
    /// The text of memory.events, and of memory.oom_control as far as it counts.
    ///
    ///     oom_kill 3
    public init(parsing text: [UInt8]) {
        let counts = FlatCounters(parsing: text)
        low = counts["low"]
        high = counts["high"]
        max = counts["max"]
        oom = counts["oom"]
        oomKill = counts["oom_kill"]
        oomGroupKill = counts["oom_group_kill"]
    }
}

/// A file of a control group with a name and a number in each line. Kernel: Documentation/admin-guide/cgroup-v2.rst, "Flat keyed".
///
///     oom_kill_disable 0
public struct FlatCounters: Hashable, Sendable {
    private let values: [String: Int]

    public init(parsing text: [UInt8]) {
        var cursor = LineCursor(text)
        var values: [String: Int] = [:]
        while cursor.nextLine() {
            let name = cursor.word()
            if let value = cursor.number() { values[cursor.text(name)] = value }
        }
        self.values = values
    }

    public subscript(name: String) -> Int? { values[name] }
}
