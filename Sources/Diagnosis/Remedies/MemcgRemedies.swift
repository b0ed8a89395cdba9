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
        let file = "\(facts.usesCgroupV2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory")\(path.text)/\(reached.setting(facts))"
        let isUnit = identity?.container == nil && identity?.podUID == nil
        let property = facts.usesCgroupV2 ? "MemoryMax" : "MemoryLimit"
        let command =
            identity?.unit.flatMap {
                isUnit && reached.name == "memory" ? "systemctl set-property \(Command.quoted($0)) \(property)=\(value)M" : nil
            }
            ?? Command.write("\(value)M", to: file)
        return Remedy(
            title: "raise the limit of \(path.text) to \(value) MiB",
            why:
                "\(reached.usage.words) of \(reached.limit.words) were used\(failures), and a request for \(Bytes(facts.order.pages, of: facts.pageSize).words) "
                + "more did not fit. \(content)",
            command: command, risk: "the memory is taken from the rest of the machine; if the group leaks, it only takes longer")
    }

    private var failures: String { reached?.failures.map { ", the limit was reached \($0) times" } ?? "" }

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
            risk: "none for the running container")
    }

    private var find: Remedy? {
        let rows = facts.report.tasks.rows.sorted { ($1.resident ?? .zero) < ($0.resident ?? .zero) }.prefix(3)
        guard let first = rows.first else { return nil }
        let list = rows.map {
            "\($0.comm.text) (\($0.processID.rawValue)) \(($0.resident.map { Bytes($0, of: facts.pageSize) } ?? .zero).words)"
        }
        return Remedy(
            title: "look at what runs in the group",
            why: "the biggest of \(facts.report.tasks.rows.count): \(Array(list).listed)",
            command: "grep -E 'Rss|Anonymous|Swap' /proc/\(first.processID.rawValue)/smaps_rollup", risk: "none, it only reads")
    }

    private var high: Remedy? {
        guard facts.usesCgroupV2, let path, let reached, let suggestion else { return nil }
        let value = reached.limit.count / 10 * 9
        return Remedy(
            title: "slow the group down before it is killed (memory.high)",
            why:
                "above it the group must reclaim and is throttled, so that there is time to see it; below memory.max, say \(Bytes(value).words) of \(suggestion.words)",
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
