/// The processes that matter at one moment: the largest, and those that grew most.
///
/// Both lists are kept because they differ: a protected leaker is in no list by badness, a slow one in no list by size.
public struct ProcessScan: Hashable, Sendable {
    public let time: RecordedTime
    /// How many processes there were in all.
    public let total: Int
    /// Largest first; those that are only here for their growth come last.
    public let processes: [RecordedProcess]

    public init(time: RecordedTime, total: Int, processes: [RecordedProcess]) {
        self.time = time
        self.total = total
        self.processes = processes
    }
}

/// A process in a scan.
public struct RecordedProcess: Hashable, Sendable {
    public let process: ProcessID
    public let name: CommandName
    public let adjustment: Int
    public let resident: Bytes
    public let swapped: Bytes
    /// How much its memory, in RAM and in swap, is more than it was `since` ago.
    public let growth: Bytes
    /// How old the size is that `growth` compares with; the recorder's start or the process's first scan at most.
    public let since: Nanoseconds

    public init(
        _ process: ProcessID, _ name: CommandName, adjustment: Int, size: (resident: Bytes, swapped: Bytes),
        growth: (amount: Bytes, since: Nanoseconds)
    ) {
        self.process = process
        self.name = name
        self.adjustment = adjustment
        resident = size.resident
        swapped = size.swapped
        self.growth = growth.amount
        since = growth.since
    }

    public var size: Bytes { resident + swapped }
}

/// The control groups that were nearest to their limit at one moment, the nearest first.
public struct CgroupScan: Hashable, Sendable {
    public let time: RecordedTime
    public let groups: [RecordedCgroup]

    public init(time: RecordedTime, groups: [RecordedCgroup]) {
        self.time = time
        self.groups = groups
    }
}

/// What a memory cgroup uses, may use, and what became of that.
///
/// Kernel: mm/memcontrol.c, `memory_files[]`, and for version 1 mm/memcontrol-v1.c, `mem_cgroup_legacy_files[]`.
public struct RecordedCgroup: Hashable, Sendable {
    public var path: CgroupPath
    public var usage = Bytes.zero
    /// `memory.max`, version 1 `memory.limit_in_bytes`; nil for none.
    public var maximum: Bytes?
    /// `memory.high`: above it, its processes are made to reclaim and to sleep. Version 2.
    public var high: Bytes?
    /// `high` of memory.events: how often they were.
    public var highEvents = 0
    /// `max` of memory.events, version 1 `memory.failcnt`: how often the limit was met.
    public var maximumEvents = 0
    /// `oom_kill` of memory.events, or of memory.oom_control since 4.13.
    public var oomKills = 0
    /// `full` of memory.pressure; nil where the kernel has no PSI, and in version 1.
    public var pressureFullMicroseconds: Int?
    /// `memory.oom.group`: all its processes die together.
    public var killsAll = false
    /// `under_oom` of memory.oom_control: without a killer its processes sleep until somebody makes room. Version 1.
    public var isUnderOOM = false

    public init(path: CgroupPath) { self.path = path }

    /// The smaller of what it may use before it is slowed down or stopped.
    public var limit: Bytes? {
        switch (maximum, high) {
        case (let maximum?, let high?): min(maximum, high)
        case (let limit?, nil), (nil, let limit?): limit
        case (nil, nil): nil
        }
    }
}

extension RecordedCgroup {
    /// Reads the text of memory.events.
    ///
    ///     high 410
    public mutating func read(events text: [UInt8]) {
        var cursor = LineCursor(text)
        while cursor.nextLine() {
            if cursor.skip("high ") {
                highEvents = cursor.number() ?? highEvents
            } else if cursor.skip("max ") {
                maximumEvents = cursor.number() ?? maximumEvents
            } else if cursor.skip("oom_kill ") {
                oomKills = cursor.number() ?? oomKills
            }
        }
    }

    /// Reads the text of memory.pressure.
    ///
    ///     full avg10=77.11 avg60=22.04 avg300=5.01 total=15354371
    public mutating func read(pressure text: [UInt8]) {
        var row = SampleRow()
        row.read(memoryPressure: text)
        pressureFullMicroseconds = row[.pressureFull]
    }

    /// Reads the text of memory.oom_control. Version 1.
    ///
    ///     under_oom 1
    public mutating func read(oomControl text: [UInt8]) {
        var cursor = LineCursor(text)
        while cursor.nextLine() {
            if cursor.skip("under_oom ") {
                isUnderOOM = cursor.number() == 1
            } else if cursor.skip("oom_kill ") {
                oomKills = cursor.number() ?? oomKills
            }
        }
    }

    /// A limit; nil for `max`, and for the number that version 1 prints for none: the greatest count of pages, in bytes.
    public static func limit(parsing text: [UInt8]) -> Bytes? {
        var cursor = LineCursor(text)
        guard cursor.nextLine(), let limit = cursor.number(), limit < 1 << 62 else { return nil }
        return Bytes(limit)
    }
}

/// The margins of every zone at one moment, from zoneinfo: what is free and what must be.
public struct MarginReading: Hashable, Sendable {
    public let time: RecordedTime
    public let zones: [Margin]

    /// A zone's free pages beside its watermarks.
    public struct Margin: Hashable, Sendable {
        public let zone: ZoneID
        public let free: Pages
        public let watermarks: Watermarks

        public init(zone: ZoneID, free: Pages, watermarks: Watermarks) {
            self.zone = zone
            self.free = free
            self.watermarks = watermarks
        }
    }

    public init(time: RecordedTime, zones: [Margin]) {
        self.time = time
        self.zones = zones
    }

    public init(of zoneInfo: ZoneInfo, time: RecordedTime) {
        let populated = zoneInfo.zones.filter(\.isPopulated)
        self.init(time: time, zones: populated.map { Margin(zone: $0.id, free: $0.free, watermarks: $0.watermarks) })
    }
}
