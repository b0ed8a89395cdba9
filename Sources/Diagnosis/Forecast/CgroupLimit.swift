public import Kernel

/// A limit of a cgroup, and how far its use is from it.
public struct CgroupLimit: Hashable, Sendable {
    public let cgroup: CgroupPath
    /// The file that holds it: `memory.max`, `memory.limit_in_bytes`, `memory.memsw.limit_in_bytes`.
    public let file: String
    public let limit: Bytes
    /// Nil where it could not be read.
    public let usage: Bytes?

    public init(cgroup: CgroupPath, file: String, limit: Bytes, usage: Bytes?) {
        self.cgroup = cgroup
        self.file = file
        self.limit = limit
        self.usage = usage
    }

    /// Below 0 where the limit was lowered under what is in use.
    public var headroom: Bytes? { usage.map { limit - $0 } }

    /// Of the limits that end in a kill, the nearest of a group and those around it; nil where there is none.
    ///
    /// - Parameter chain: the group first, the root last, as far as memory is counted.
    public static func nearest(of chain: [MemoryCgroup]) -> CgroupLimit? {
        chain.flatMap(\.killingLimits).min { $0.distance < $1.distance }
    }

    /// The nearest limit that slows down: memory.high.
    public static func nearestHigh(of chain: [MemoryCgroup]) -> CgroupLimit? {
        chain.compactMap { group in
            group.high.map { CgroupLimit(cgroup: group.path, file: "memory.high", limit: $0, usage: group.usage) }
        }.min { $0.distance < $1.distance }
    }

    /// What is not known may be anything: last.
    private var distance: Int { headroom?.count ?? Int.max }
}

extension MemoryCgroup {
    /// The limits at which the kernel kills.
    public var killingLimits: [CgroupLimit] {
        var limits: [CgroupLimit] = []
        if let maximum {
            let file = version == .one ? "memory.limit_in_bytes" : "memory.max"
            limits.append(CgroupLimit(cgroup: path, file: file, limit: maximum, usage: usage))
        }
        if let maximum = swap.totalMaximum {
            limits.append(
                CgroupLimit(cgroup: path, file: "memory.memsw.limit_in_bytes", limit: maximum, usage: swap.totalUsage))
        }
        return limits
    }

    /// It or a group around it is above its memory.high: its processes are slowed down. Nil where there is no such
    /// thing, or its use could not be read.
    public static func isThrottled(_ chain: [MemoryCgroup]) -> Bool? {
        guard chain.contains(where: { $0.version == .two }) else { return nil }
        guard let nearest = CgroupLimit.nearestHigh(of: chain) else { return false }
        return nearest.headroom.map { $0 < .zero }
    }
}
