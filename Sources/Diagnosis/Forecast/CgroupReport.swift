public import Kernel

/// A cgroup with its distance from what would slow it down or have somebody killed in it.
public struct CgroupReport: Hashable, Sendable {
    public let group: MemoryCgroup
    /// Of the group and those around it, the nearest limit at which the kernel kills; nil where there is none.
    public let nearest: CgroupLimit?
    public let nearestHigh: CgroupLimit?
    /// Nil where there is no memory.high.
    public let isThrottled: Bool?

    /// - Parameter chain: the group first, then those around it as far as its memory counts in them.
    public init(of group: MemoryCgroup, chain: [MemoryCgroup]) {
        self.group = group
        nearest = CgroupLimit.nearest(of: chain)
        nearestHigh = CgroupLimit.nearestHigh(of: chain)
        isThrottled = MemoryCgroup.isThrottled(chain)
    }

    /// The same distances with what else was read of the group.
    public func with(_ group: MemoryCgroup) -> CgroupReport {
        CgroupReport(group: group, nearest: nearest, nearestHigh: nearestHigh, isThrottled: isThrottled)
    }

    private init(group: MemoryCgroup, nearest: CgroupLimit?, nearestHigh: CgroupLimit?, isThrottled: Bool?) {
        self.group = group
        self.nearest = nearest
        self.nearestHigh = nearestHigh
        self.isThrottled = isThrottled
    }

    /// Every group with its distances, in the order given.
    public static func all(_ groups: [MemoryCgroup]) -> [CgroupReport] {
        let known = Dictionary(groups.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        return groups.map { group in
            var chain = [group]
            while let last = chain.last, last.countsInParent, let parent = last.path.parent, let next = known[parent] {
                chain.append(next)
            }
            return CgroupReport(of: group, chain: chain)
        }
    }
}

/// In what order cgroups are listed.
public enum CgroupOrder: String, CaseIterable, Sendable {
    /// Those that are nearest to a kill first; those without any limit last, by use.
    case headroom
    case usage
    case path

    public func sorted(_ reports: [CgroupReport]) -> [CgroupReport] {
        switch self {
        case .headroom: reports.sorted { key($0) < key($1) }
        case .usage: reports.sorted { (use($1), $0.group.path.text) < (use($0), $1.group.path.text) }
        case .path: reports.sorted { $0.group.path.bytes.lexicographicallyPrecedes($1.group.path.bytes) }
        }
    }

    private func use(_ report: CgroupReport) -> Int { report.group.usage?.count ?? -1 }

    private func key(_ report: CgroupReport) -> (Int, Int, String) {
        (report.nearest?.headroom?.count ?? Int.max, -use(report), report.group.path.text)
    }
}
