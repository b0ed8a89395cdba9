/// What the numbers of a sample are: first the counters, then the free blocks of each zone by order.
public struct SampleLayout: Hashable, Sendable {
    public let counters: Int
    public let zones: [ZoneID]
    public let orders: Int

    /// - Parameter counters: fewer than today's where an older version wrote the samples.
    public init(zones: [ZoneID], orders: Int, counters: Int = RecordedCounter.allCases.count) {
        self.counters = counters
        self.zones = zones
        self.orders = orders
    }

    public init(of buddyInfo: BuddyInfo) {
        self.init(zones: buddyInfo.zones.map(\.id), orders: buddyInfo.zones.first?.blocks.count ?? 0)
    }

    /// No zones are known yet.
    public static let empty = SampleLayout(zones: [], orders: 0)

    public var columns: Int { counters + zones.count * orders }

    func column(ofZone zone: Int, order: Int) -> Int { counters + zone * orders + order }
}

/// When something was recorded: by a clock that counts suspended time and that nobody sets, and by the one on the wall.
public struct RecordedTime: Hashable, Sendable {
    /// Kernel: `CLOCK_BOOTTIME`.
    public let sinceBoot: Nanoseconds
    public let wall: Timestamp

    public init(sinceBoot: Nanoseconds, wall: Timestamp) {
        self.sinceBoot = sinceBoot
        self.wall = wall
    }
}

/// One second of the machine's life.
public struct RecordedSample: Hashable, Sendable {
    public let time: RecordedTime
    /// Of which boot; numbers of two boots have no difference.
    public let boot: UInt64
    public let layout: SampleLayout
    let values: [Int]

    public init(time: RecordedTime, boot: UInt64, row: SampleRow) {
        self.init(time: time, boot: boot, layout: row.layout, values: row.values)
    }

    init(time: RecordedTime, boot: UInt64, layout: SampleLayout, values: [Int]) {
        self.time = time
        self.boot = boot
        self.layout = layout
        self.values = values
    }

    /// nil where this kernel does not count it, or its file could not be read then.
    public subscript(counter: RecordedCounter) -> Int? {
        guard counter.rawValue < layout.counters, values.indices.contains(counter.rawValue) else { return nil }
        let value = values[counter.rawValue]
        return value == SampleRow.absent ? nil : value
    }

    /// The free blocks of a zone by its place in `layout.zones`; nil where buddyinfo could not be read then.
    public func areas(ofZone zone: Int) -> FreeAreas? {
        guard layout.zones.indices.contains(zone), layout.orders <= 32 else { return nil }
        let first = layout.column(ofZone: zone, order: 0)
        guard first + layout.orders <= values.count else { return nil }
        let blocks = values[first..<first + layout.orders]
        guard !blocks.contains(SampleRow.absent) else { return nil }
        return FreeAreas(id: layout.zones[zone], blocks: Array(blocks))
    }

    /// A gauge of meminfo in bytes.
    public func bytes(_ counter: RecordedCounter) -> Bytes? { self[counter].map { Bytes(kibibytes: $0) } }
}
