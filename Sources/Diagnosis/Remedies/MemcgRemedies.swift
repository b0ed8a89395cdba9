import Kernel

/// A cgroup reached its limit.
struct MemcgRemedies {
    let facts: ReportFacts
    let reached: ReachedLimit?

    var all: [Remedy] { [raise, orchestrator, find, high, group].compactMap { $0 } }

    private var path: CgroupPath? { facts.report.limitCgroup ?? facts.report.memcg?.statisticsOf }
    private var identity: CgroupIdentity? { path.map(CgroupIdentity.init) }

    /// A quarter more, and no less than what was asked for.
    private var suggestion: Bytes? {
        guard let reached else { return nil }
        let asked = reached.usage + Bytes(facts.order.pages, of: facts.pageSize)
        return max(reached.limit + Bytes(reached.limit.count / 4), asked)
    }

    private var raise: Remedy? {
        guard let reached, let suggestion, let path else { return nil }
        let value = suggestion.mebibytesUp
        let isUnit = identity?.container == nil && identity?.podUID == nil
        let property = facts.usesCgroupV2 ? "MemoryMax" : "MemoryLimit"
        let command =
            identity?.unit.flatMap {
                isUnit && reached.name == "memory" && sumLimit == nil
                    ? "systemctl set-property \(Command.quoted($0)) \(property)=\(value)M" : nil
            }
            ?? sumFirst + Command.write("\(value)M", to: "\(folder)/\(reached.setting(facts))")
        return Remedy(
            title: "raise the limit of \(path.words) to \(value) MiB",
            why:
                "\(reached.usage.words) of \(reached.limit.words) were used\(failures), and a request for \(Bytes(facts.order.pages, of: facts.pageSize).words) "
                + "more did not fit. \(content)",
            command: command, risk: "the memory is taken from the rest of the machine; if the group leaks, it only takes longer")
    }

    private var folder: String {
        "\(facts.usesCgroupV2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory")\(path?.text ?? "")"
    }

    /// cgroup v1: what memory and swap together must be allowed for the new limit; nil where it is allowed, or unlimited.
    ///
    /// Kernel: mm/memcontrol.c, `mem_cgroup_resize_max()`: memory's limit above that of both is EINVAL.
    private var sumLimit: Int? {
        guard let reached, let suggestion, reached.name == "memory", !facts.usesCgroupV2,
            let limit = facts.report.memcg?.memoryAndSwap?.limit, limit < suggestion
        else { return nil }
        return (suggestion + max(limit - reached.limit, .zero)).mebibytesUp
    }

    private var sumFirst: String {
        sumLimit.map { Command.write("\($0)M", to: "\(folder)/memory.memsw.limit_in_bytes") + " && " } ?? ""
    }

    private var failures: String {
        guard let times = reached?.failures, times > 0 else { return "" }
        return ", the limit was reached \(times == 1 ? "once" : "\(times) times")"
    }

    private var content: String {
        guard let memcg = facts.report.memcg, let first = GroupUse(of: memcg).fillings.first else { return "" }
        let isTold = first.what != "unaccounted"
        guard isTold else { return "No counter of the report says what most of it, \(first.bytes.words), was." }
        let text = "Most of it, \(first.bytes.words), was \(first.words.dropFirst(first.words.hasPrefix("of ") ? 3 : 0))"
        switch first.what {
        case "page_cache":
            return text + ": that can be dropped, so look for files that are written faster than the disk takes them."
        case "shmem": return text + ": files on a tmpfs count in the group that wrote them, and no kill frees them."
        case "anonymous": return text + "."
        default: return text + ": the kernel's own, which ends with the objects that it stands for."
        }
    }

    private var orchestrator: Remedy? {
        guard let identity, let suggestion else { return nil }
        if let pod = identity.podUID {
            return Remedy(
                title: "raise the container's limit in its pod (resources.limits.memory)",
                why: "Kubernetes sets this limit for pod \(pod); a value written by hand is lost when the container restarts",
                command:
                    "kubectl get pods -A -o json | jq -r '.items[] | select(.metadata.uid==\"\(pod)\") | .metadata.namespace+\"/\"+.metadata.name'",
                risk: "the pod is started anew")
        }
        guard let container = identity.container, container.runtime == .docker || container.runtime == .podman else { return nil }
        let name = container.runtime == .docker ? "docker" : "podman"
        let value = suggestion.mebibytesUp
        return Remedy(
            title: "raise the container's limit", why: "\(name) sets it; a value written by hand is lost at the next start",
            command: "\(name) update --memory \(value)m --memory-swap \(value)m \(container.id.prefix(12))",
            risk: "the container has no swap then: --memory-swap is the sum of both, so give more where it needs some")
    }

    private var find: Remedy? {
        let rows = facts.report.tasks.rows.sorted { ($1.resident ?? .zero) < ($0.resident ?? .zero) }.prefix(3)
        guard !rows.isEmpty else { return nil }
        let list = rows.map {
            "\($0.comm.text) (\($0.processID.rawValue)) \(($0.resident.map { Bytes($0, of: facts.pageSize) } ?? .zero).words)"
        }
        return Remedy(
            title: "look at what runs in the group",
            why: "\(Array(list).listed), of \(facts.report.tasks.rows.count) processes",
            command: lookCommand, risk: "none, it only reads")
    }

    /// What lives in the group now, or in the groups below it; without its path, of the report's processes one that was not killed.
    private var lookCommand: String? {
        if path != nil {
            let list = "find \(Command.quoted(folder)) -name cgroup.procs -exec cat {} +"
            return "for p in $(\(list)); do grep -hE 'Name|VmRSS|VmSwap' /proc/$p/status; done"
        }
        let dead = Set(facts.report.victims.compactMap(\.processID))
        let alive = facts.report.tasks.rows.filter { !dead.contains($0.processID) }
        return alive.max { ($0.resident ?? .zero) < ($1.resident ?? .zero) }.map {
            "grep -E 'Name|VmRSS|VmSwap' /proc/\($0.processID.rawValue)/status"
        }
    }

    private var high: Remedy? {
        guard facts.usesCgroupV2, let path, let reached, let suggestion else { return nil }
        let value = reached.limit.count / 10 * 9
        return Remedy(
            title: "slow the group down before it is killed (memory.high)",
            why:
                "above it the group is throttled and must reclaim: there is time to see it. Below memory.max, say \(Bytes(value).words) of \(suggestion.words)",
            command: Command.write("\(Bytes(value).mebibytesUp)M", to: "/sys/fs/cgroup\(path.text)/memory.high"),
            risk: "a group that really needs more becomes very slow instead of being killed")
    }

    private var group: Remedy? {
        guard facts.usesCgroupV2, let path else { return nil }
        if facts.report.isWholeGroup {
            return Remedy(
                title: "kill only the biggest (memory.oom.group=0)",
                why: "memory.oom.group is set: all processes of the group die together",
                command: Command.write("0", to: "/sys/fs/cgroup\(path.text)/memory.oom.group"),
                risk: "what is left of the group may not work without the one that died")
        }
        return Remedy(
            title: "let the whole group die together (memory.oom.group=1)",
            why: "where the processes need each other, one that is missing is worse than a restart of all",
            command: Command.write("1", to: "/sys/fs/cgroup\(path.text)/memory.oom.group"), risk: "more processes are killed")
    }
}
