import Kernel

/// A memory cgroup reached a limit of its own; the machine may have had plenty.
///
/// Kernel: mm/memcontrol.c, `try_charge_memcg()`, `mem_cgroup_out_of_memory()`.
enum MemcgLimit {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard facts.isMemcg else { return nil }
        let memcg = facts.report.memcg
        let reached = memcg.flatMap { ReachedLimit(of: $0, pageSize: facts.pageSize) }
        let use = memcg.map(GroupUse.init)
        var verdict = Verdict(
            .memcgLimit, isCertain(facts, reached) ? .certain : .likely, because: because(facts, reached))
        verdict.deniedBy = denial(facts, reached)
        verdict.evidence = evidence(facts, reached)
        verdict.fillings = use?.fillings.isEmpty == false ? use?.fillings : []
        verdict.remedies = MemcgRemedies(facts: facts, reached: reached).all
        return verdict
    }

    /// The counter at its limit proves it, or the kernel's own words.
    private static func isCertain(_ facts: ReportFacts, _ reached: ReachedLimit?) -> Bool {
        let report = facts.report
        let told = [report.quotes.kill, report.quotes.choice, report.quotes.remark].contains {
            $0?.text.contains("Memory cgroup out of memory") ?? false
        }
        return reached?.isProven == true || told || report.limitCgroup != nil || report.constraint == "memcg"
    }

    private static func because(_ facts: ReportFacts, _ reached: ReachedLimit?) -> String {
        let group = facts.report.limitCgroup?.words ?? "its memory cgroup"
        guard let reached else { return "\(group) had reached a limit of its own" }
        let ancestor = isAncestor(facts) ? ", which is above the victim's," : ""
        var text =
            "\(group)\(ancestor) had used \(reached.usage.words) of its limit of \(reached.limit.words) (\(reached.setting(facts)))"
        if let swap = reached.fullSwap { text += " and all of the \(swap.words) of swap that it may use" }
        return text
    }

    private static func isAncestor(_ facts: ReportFacts) -> Bool {
        guard let limit = facts.report.limitCgroup, let victim = facts.report.victimCgroup else { return false }
        return limit != victim && victim.isSameOrBelow(limit)
    }

    private static func denial(_ facts: ReportFacts, _ reached: ReachedLimit?) -> DeniedBy {
        var denial = DeniedBy(.cgroupLimit)
        denial.cgroup = facts.report.limitCgroup ?? facts.report.memcg?.statisticsOf
        denial.limitName = reached?.name
        denial.usage = reached?.usage
        denial.limit = reached?.limit
        denial.order = facts.report.request?.order
        return denial
    }

    private static func evidence(_ facts: ReportFacts, _ reached: ReachedLimit?) -> [LogEvidence] {
        let report = facts.report
        let limit = reached.flatMap { reached in
            LogEvidence(
                "\(reached.name): \(reached.usage.words) used of a limit of \(reached.limit.words)"
                    + (reached.failures.flatMap { $0 > 0 ? ", reached \($0 == 1 ? "once" : "\($0) times")" : nil } ?? ""),
                reached.line)
        }
        let swap = reached?.fullSwap.flatMap {
            LogEvidence("the \($0.words) of swap allowed are used too", report.memcg?.swap?.line)
        }
        let which = LogEvidence(
            "the limit is that of \(report.limitCgroup?.text ?? "")", report.limitCgroup == nil ? nil : report.quotes.limit)
        let summary = LogEvidence(
            "the kernel looked for a victim in \(report.limitCgroup?.text ?? "a cgroup") only", report.quotes.summary,
            keys: [])
        let words = LogEvidence("the kernel's own words", report.quotes.kill ?? report.quotes.choice)
        let found = [limit, swap, which, which == nil ? summary : nil].compactMap { $0 }
        return found.isEmpty ? [words].compactMap { $0 } : found
    }
}

/// Which limit of the group it was.
///
/// Kernel: `page_counter_try_charge()`: the usage may stay a request's size below the limit, and it charges in batches.
struct ReachedLimit {
    let name: String
    let usage: Bytes
    let limit: Bytes
    let failures: Int?
    let line: QuotedLine
    /// The usage is at the limit.
    let isProven: Bool
    /// cgroup v2: the swap limit, where it is used up too.
    let fullSwap: Bytes?
    let isV2: Bool

    /// Nil where no counter is near a limit.
    init?(of memcg: MemcgUsage, pageSize: PageSize) {
        let counters: [(String, MemcgUsage.Counter?)] = [
            ("memory", memcg.memory), ("memory+swap", memcg.memoryAndSwap), ("kmem", memcg.kernel),
        ]
        let near = counters.compactMap { name, counter in counter.flatMap { Near(name, $0, pageSize) } }
        // With a counter that never failed the limit was reached, but nothing was denied by it.
        guard let best = near.first(where: { $0.isExact && $0.hasFailed }) ?? near.first(where: \.hasFailed) ?? near.first else {
            return nil
        }
        name = best.name
        usage = best.counter.usage
        limit = best.limit
        failures = best.counter.failures
        line = best.counter.line
        isProven = true
        isV2 = memcg.swap != nil
        fullSwap = memcg.swap.flatMap { swap in swap.limit.flatMap { $0 > .zero && swap.usage >= $0 ? $0 : nil } }
    }

    private struct Near {
        let name: String
        let counter: MemcgUsage.Counter
        let limit: Bytes
        let isExact: Bool
        var hasFailed: Bool { counter.failures.map { $0 > 0 } ?? true }

        init?(_ name: String, _ counter: MemcgUsage.Counter, _ pageSize: PageSize) {
            guard let limit = counter.limit else { return nil }
            let tolerance = max(Bytes(Pages(64), of: pageSize), Bytes(limit.count / 100))
            guard counter.usage >= limit - tolerance else { return nil }
            self.name = name
            self.counter = counter
            self.limit = limit
            isExact = counter.usage + Bytes(Pages(8), of: pageSize) >= limit
        }
    }
}

extension ReachedLimit {
    /// The name of the limit's file: memory.max of cgroup v2, memory.limit_in_bytes of v1.
    func setting(_ facts: ReportFacts) -> String {
        switch name {
        case "memory+swap": "memory.memsw.limit_in_bytes"
        case "kmem": "memory.kmem.limit_in_bytes"
        default: facts.usesCgroupV2 ? "memory.max" : "memory.limit_in_bytes"
        }
    }
}

extension ReportFacts {
    /// cgroup v2 prints `swap:`, or before 5.3 a `memory+swap:` of no use and 0.
    var usesCgroupV2: Bool {
        guard let memcg = report.memcg else { return era.version.map { $0 >= KernelVersion(5, 10) } ?? true }
        if memcg.swap != nil { return true }
        guard let both = memcg.memoryAndSwap else { return false }
        return both.usage == .zero && (memcg.memory?.usage ?? .zero) > .zero
    }
}
