import Kernel

/// A cpuset or a memory policy.
struct NodesRemedies {
    let facts: ReportFacts
    let isPolicy: Bool

    var all: [Remedy] {
        let look = Remedy(
            title: "see which processes are bound, and what each node has left",
            why: isPolicy
                ? "numa_maps has the policy of each mapping: bind:1 takes from node 1 and from no other"
                : "Mems_allowed_list has the nodes that the cpuset leaves to each process",
            command: isPolicy
                ? "numactl -H; grep -l ' bind' /proc/[0-9]*/numa_maps"
                : "numactl -H; grep Mems_allowed_list /proc/[0-9]*/status",
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
