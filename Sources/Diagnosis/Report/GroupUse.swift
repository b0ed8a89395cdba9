import Kernel

/// What the memory of a cgroup was full of, from its statistics.
///
/// Kernel: mm/memcontrol.c, `memcg_stat_format()` (since 5.3, cgroup v1 and v2) and `mem_cgroup_print_oom_meminfo()`.
struct GroupUse: Hashable {
    let fillings: [Filling]
    let usage: Bytes?

    init(of memcg: MemcgUsage) {
        usage = memcg.memory?.usage
        var parts: [String: Bytes] = [:]
        let shmem = memcg["shmem"]
        parts["anonymous"] = memcg["anon"] ?? memcg["rss"]
        parts["shmem"] = shmem
        parts["page_cache"] = (memcg["file"] ?? memcg["cache"]).map { max($0 - (shmem ?? .zero), .zero) }
        parts["slab_unreclaimable"] = memcg["slab_unreclaimable"]
        parts["slab_reclaimable"] = memcg["slab_reclaimable"]
        if parts["slab_unreclaimable"] == nil { parts["slab"] = memcg["slab"] }
        parts["kernel_stacks"] = memcg["kernel_stack"]
        parts["page_tables"] = memcg["pagetables"]
        parts["sockets"] = memcg["sock"]
        parts["per_cpu"] = memcg["percpu"]
        parts["vmalloc"] = memcg["vmalloc"]
        parts["huge_pages"] = memcg["hugetlb"]
        Self.addRest(of: memcg, to: &parts)
        fillings = Filling.list(parts, of: usage ?? parts.values.reduce(.zero, +))
    }

    /// What the kernel counts as its own beyond the kinds that it names, and what of the usage is in no kind.
    private static func addRest(of memcg: MemcgUsage, to parts: inout [String: Bytes]) {
        let own = ["slab", "slab_unreclaimable", "slab_reclaimable", "kernel_stacks", "page_tables", "per_cpu", "vmalloc"]
        let named = own.reduce(Bytes.zero) { $0 + (parts[$1] ?? .zero) }
        if let kernel = memcg["kernel"] ?? memcg.kernel?.usage { parts["other_kernel"] = max(kernel - named, .zero) }
        guard let usage = memcg.memory?.usage, !memcg.statistics.isEmpty else { return }
        parts["unaccounted"] = max(usage - parts.values.reduce(.zero, +), .zero)
    }
}
