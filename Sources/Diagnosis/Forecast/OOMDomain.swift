public import Kernel

/// For whom memory has run out: whose processes are compared, and by which total adjustments weigh.
///
/// Kernel: mm/oom_kill.c, `constrained_alloc()`.
public struct OOMDomain: Hashable, Sendable {
    public let kind: Kind
    /// What a thousandth of `oom_score_adj` is a thousandth of.
    public let totalPages: Pages

    public enum Kind: Hashable, Sendable {
        /// The whole machine.
        case global
        /// A memory cgroup at its limit.
        case memcg(LimitedGroup)
        /// The nodes that a cpuset or a memory policy leaves to the asker.
        case nodes(NodeSet)
    }

    /// A cgroup that may run out, and how one came to it.
    public struct LimitedGroup: Hashable, Sendable {
        /// What was asked for: the group itself, or one below it that has no limit of its own.
        public let asked: CgroupPath
        public let group: MemoryCgroup
        /// Another group around it that would be full earlier; nil where the group is the first.
        public let nearer: CgroupLimit?

        public init(asked: CgroupPath, group: MemoryCgroup, nearer: CgroupLimit?) {
            self.asked = asked
            self.group = group
            self.nearer = nearer
        }
    }

    public init(kind: Kind, totalPages: Pages) {
        self.kind = kind
        self.totalPages = totalPages
    }

    public var isMemcg: Bool { if case .memcg = kind { true } else { false } }
}

extension OOMDomain {
    /// Nil where meminfo could not be read.
    public static func global(_ snapshot: Snapshot) -> OOMDomain? {
        guard let memInfo = snapshot.memInfo.value else { return nil }
        let size = snapshot.pageSize
        return OOMDomain(kind: .global, totalPages: Pages(memInfo.total, of: size) + Pages(memInfo.swapTotal, of: size))
    }

    /// Nil where meminfo or zoneinfo could not be read.
    ///
    /// All nodes that have memory are the whole machine. Kernel: `constrained_alloc()`, "nodes_subset(node_states[N_MEMORY], …)".
    /// It counts the present pages of the nodes since 5.4, and what they span before.
    public static func nodes(_ nodes: NodeSet, _ snapshot: Snapshot, kernel: KernelVersion) -> OOMDomain? {
        guard let memInfo = snapshot.memInfo.value, let zones = snapshot.zoneInfo.value?.populated else { return nil }
        guard !nodes.isSuperset(of: NodeSet(zones.map(\.id.node))) else { return global(snapshot) }
        let isPresent = kernel >= KernelVersion(5, 4)
        let own = zones.filter { nodes.contains($0.id.node) }.reduce(Pages.zero) { $0 + (isPresent ? $1.present : $1.spanned) }
        return OOMDomain(kind: .nodes(nodes), totalPages: own + Pages(memInfo.swapTotal, of: snapshot.pageSize))
    }

    /// Nil where meminfo could not be read.
    ///
    /// - Parameter swappiness: vm.swappiness, which version 2 has for all groups; nil is taken for more than 0.
    public static func memcg(_ group: LimitedGroup, _ snapshot: Snapshot, swappiness: Int?) -> OOMDomain? {
        guard let memInfo = snapshot.memInfo.value else { return nil }
        let total = group.group.maximumWithSwap(of: memInfo.swapTotal, swappiness: swappiness)
        return OOMDomain(kind: .memcg(group), totalPages: max(Pages(total, of: snapshot.pageSize), Pages(1)))
    }
}

extension MemoryCgroup {
    /// Kernel: mm/memcontrol.c, `mem_cgroup_get_max()`: the limit and, unless swappiness is 0, what of the swap it may use.
    fileprivate func maximumWithSwap(of swapTotal: Bytes, swappiness: Int?) -> Bytes {
        let limit = maximum ?? Bytes(Int.max)
        guard (self.swappiness ?? swappiness) != 0 else { return limit }
        switch version {
        case .one:
            guard let total = swap.totalMaximum else { return limit + swapTotal }
            return limit + min(max(total - limit, .zero), swapTotal)
        case .two: return limit + min(swap.maximum ?? swapTotal, swapTotal)
        }
    }
}
