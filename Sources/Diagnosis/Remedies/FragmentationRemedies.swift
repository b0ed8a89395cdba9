import Kernel

/// Blocks of the order are missing.
struct FragmentationRemedies {
    let facts: ReportFacts
    let zone: JudgedZone

    var all: [Remedy] {
        let block = Bytes(facts.order.pages, of: facts.pageSize).words
        let asker = facts.report.invoker.map { "\($0.words) asked" } ?? "the call trace names the asker"
        return [
            Remedy(
                title: "compact memory now",
                why:
                    "moves pages of processes together; blocks of order \(facts.order.rawValue) (\(block)) come back if enough can be moved",
                command: "echo 1 > /proc/sys/vm/compact_memory; cat /proc/buddyinfo",
                risk: "a short stall; pages that are locked or the kernel's stay where they are"),
            keepFree,
            Remedy(
                title: "find who needs \(block) in one piece",
                why:
                    "\(asker) for order \(facts.order.rawValue); most drivers can do with single pages (smaller rings, jumbo frames off, vmalloc). The call trace names the caller",
                command: nil, risk: "none"),
            facts.era.version.map { $0 >= KernelVersion(5, 9) } ?? false
                ? Remedy(
                    title: "compact in the background (vm.compaction_proactiveness)",
                    why: "keeps blocks at hand before they are asked for",
                    command: Command.sysctl("compaction_proactiveness", 40), risk: "some CPU time") : nil,
        ].compactMap { $0 }
    }

    /// Twice what is kept now; the kernel keeps more large blocks together with more free.
    private var keepFree: Remedy? {
        let now = facts.report.printed(\.min) - facts.report.printed(\.boost)
        guard now > .zero, facts.use.whole != nil else { return nil }
        let most = Bytes(facts.use.sum.count / 20)
        let value = min(now + now, max(most, now)).kibibytes
        return Remedy(
            title: "keep more free (vm.min_free_kbytes)",
            why: "\(now.words) are kept now; reclaim and compaction start earlier with more, and larger blocks last longer",
            command: Command.sysctl("min_free_kbytes", value),
            risk: "that much less for processes; never set it to a large part of memory")
    }
}
