/// /proc/zoneinfo: every zone of every node, and what the kernel counts per node.
///
/// Kernel: mm/vmstat.c, `zoneinfo_show_print()`; since 2.6.13. Until 4.11 only populated zones are printed.
public struct ZoneInfo: Sendable {
    /// In the order of the file; unpopulated zones are among them.
    public let zones: [Zone]
    /// One for each node that has a populated zone; since 4.8, empty before.
    public let nodes: [NodeStatistics]

    public init(zones: [Zone], nodes: [NodeStatistics]) {
        self.zones = zones
        self.nodes = nodes
    }

    public subscript(id: ZoneID) -> Zone? { zones.first { $0.id == id } }

    /// The zones that hold memory. Kernel: `populated_zone()`.
    public var populated: [Zone] { zones.filter(\.isPopulated) }
}

/// A named number of zoneinfo that has no field of its own here, as the kernel prints it.
public struct Counter: Hashable, Sendable {
    public let name: String
    public let value: Int

    public init(name: String, value: Int) {
        self.name = name
        self.value = value
    }
}

/// The `per-node stats` block. It stands inside the node's first populated zone, and belongs to the node alone.
public struct NodeStatistics: Sendable {
    public let node: Int
    let lines: CounterLines

    /// Read anew at each call: only few readers want them.
    public var counters: [Counter] { lines.counters }
}

/// One CPU's list of free pages of a zone. Kernel: `struct per_cpu_pages`.
public struct PageSet: Hashable, Sendable {
    public let cpu: Int
    /// `count`, `high`, `batch`, from 6.13 `high_min` and `high_max`; until 2.6.27 a hot and a cold list each.
    public let values: [Counter]
}
