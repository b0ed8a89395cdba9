import Kernel

/// A cpuset or a memory policy.
struct NodesRemedies {
    let facts: ReportFacts
    let isPolicy: Bool

    var all: [Remedy] {
        let pid = facts.report.invoker?.processID ?? facts.report.victims.first?.processID
        let look = Remedy(
            title: "see which nodes the process may use",
            why: "Mems_allowed_list is the cpuset, numa_maps the policy of each mapping",
            command: pid.map {
                "numactl -H; grep Mems_allowed_list /proc/\($0.rawValue)/status; head /proc/\($0.rawValue)/numa_maps"
            } ?? "numactl -H",
            risk: "none, it only reads")
        let widen =
            isPolicy
            ? Remedy(
                title: "prefer the node instead of binding to it",
                why: "MPOL_PREFERRED (numactl --preferred) takes from other nodes when the node is full",
                command: nil, risk: "memory of another node is slower")
            : Remedy(
                title: "allow more nodes (cpuset.mems)",
                why:
                    "the cpuset leaves only some nodes; a node with nothing but zone Movable cannot serve the kernel's own requests",
                command: facts.report.victimCgroup.map {
                    "cat \(Command.quoted("/sys/fs/cgroup\($0.text)/cpuset.mems.effective"))"
                }, risk: "memory of another node is slower")
        return [look, widen]
    }
}
