import Kernel

/// A cpuset or a memory policy left only some nodes to the request, and those had nothing for it.
///
/// Kernel: mm/oom_kill.c, `constrained_alloc()`.
enum NodesExhausted {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        if let hint = vendorHint(facts) { return hint }
        let elsewhere = elsewhere(facts)
        let told = limiter(facts)
        let isShown = isFirstNodeLeftOut(facts) && elsewhere != nil || isOnlyOneNodeDry(facts)
        guard let limiter = told ?? (isShown ? .policy : nil) else { return nil }
        let confidence: Confidence = told == nil ? .possible : elsewhere == nil ? .likely : .certain
        var verdict = Verdict(.cpusetOrMempolicy, confidence, because: because(facts, limiter, elsewhere))
        var denial = DeniedBy(.nodes)
        if let failed = facts.watermarkDenial() {
            denial.node = failed.node
            denial.zone = failed.zone
            denial.watermark = failed.watermark
            denial.free = failed.free
            denial.needed = failed.needed
        }
        denial.nodes = nodes(facts)
        denial.order = facts.report.request?.order
        verdict.deniedBy = denial
        verdict.evidence = evidence(facts, limiter, elsewhere)
        verdict.remedies = NodesRemedies(facts: facts, isPolicy: limiter == .policy).all
        return verdict
    }

    private enum Limiter { case policy, cpuset }

    private static func limiter(_ facts: ReportFacts) -> Limiter? {
        if facts.report.constraint == "mempolicy" || facts.report.scope == .mempolicy { return .policy }
        if facts.report.constraint == "cpuset" || facts.report.scope == .cpuset { return .cpuset }
        return nil
    }

    /// The log is cut before it says so; but a report shows only the nodes that the request may use, and node 0 is not among them.
    private static func isFirstNodeLeftOut(_ facts: ReportFacts) -> Bool {
        guard facts.report.constraint == nil, facts.zones?.reach.kind == .user, !facts.report.zones.isEmpty else { return false }
        let nodes = Set(facts.report.zones.compactMap(\.node) + facts.report.nodes.map(\.node))
        return !nodes.isEmpty && !nodes.contains(0)
    }

    /// Up to 4.8 nothing in a report tells of a policy: it shows every node of the cpuset. A page that any node could have given
    /// is not refused while one of them has a tenth of its memory to give.
    private static func isOnlyOneNodeDry(_ facts: ReportFacts) -> Bool {
        guard facts.report.kind == .kill, facts.report.constraint == nil, facts.order == Order(0), let zones = facts.zones,
            zones.reach.kind == .user
        else { return false }
        let nodes = Dictionary(grouping: zones.allowed.filter { $0.zone.node != nil && !$0.isEmpty }) { $0.zone.node ?? 0 }
        let isDry = nodes.values.contains { node in
            node.allSatisfy { ($0.slack ?? Pages(1)) <= .zero } && node.contains { $0.min == .belowWatermark }
        }
        return isDry
            && nodes.values.contains { node in
                node.contains { zone in
                    guard let slack = zone.slack, let size = zone.zone.managed ?? zone.zone.present else { return false }
                    return Bytes(slack, of: facts.pageSize) > Bytes(size.count / 10)
                }
            }
    }

    /// What was free where the request might not look: `free:` of Mem-Info counts every node, the zone lines only the allowed.
    private static func elsewhere(_ facts: ReportFacts) -> Bytes? {
        guard !facts.report.zones.isEmpty, let free = facts.report.counters?["free"] else { return nil }
        let rest = Bytes(free, of: facts.pageSize) - facts.report.printed(\.free)
        if facts.zones?.allowed.isEmpty == true, let unusable = facts.zones?.forbidden.compactMap(\.zone.free).max() {
            return rest + unusable
        }
        return rest.thousandths(of: facts.use.sum) >= 20 ? rest : nil
    }

    /// Those of the policy; else, since 6.1, those that are printed.
    private static func nodes(_ facts: ReportFacts) -> String? {
        if let mask = facts.report.nodeMask { return mask }
        let printed = Set(facts.report.zones.compactMap(\.node)).sorted()
        return facts.era.hidesZones && !printed.isEmpty ? printed.map(String.init).joined(separator: ",") : nil
    }

    private static func because(_ facts: ReportFacts, _ limiter: Limiter, _ elsewhere: Bytes?) -> String {
        let by = limiter == .policy ? "its memory policy" : "the cpuset of its cgroup"
        let nodes = nodes(facts)
        let one = nodes.map { Int($0) != nil } ?? false
        let which = nodes.map { "the memory of node\(one ? "" : "s") \($0)" } ?? "some of the machine's memory nodes"
        // The zones of other nodes are missing from the report, as they must be.
        let isDry = facts.zones?.allowed.allSatisfy { $0.high == .belowWatermark } ?? false
        let dry = isDry ? facts.zones?.decisive.map(facts.zonePhrase) : nil
        var text = "\(by) lets the request use only \(which), and \(dry ?? "\(one ? "that" : "those") had nothing left for it")"
        if let elsewhere { text += ", while \(elsewhere.words) were free where it might not look" }
        return text
    }

    private static func evidence(_ facts: ReportFacts, _ limiter: Limiter, _ elsewhere: Bytes?) -> [LogEvidence] {
        let what = limiter == .policy ? "a memory policy (mbind, set_mempolicy, numactl)" : "a cpuset"
        let summary = LogEvidence(
            "the kernel names \(what) as what limits the request", facts.report.quotes.summary ?? facts.report.quotes.choice)
        let free = elsewhere.flatMap { facts.counterEvidence(["free"], "\($0.words) were free outside its nodes or zones") }
        return [summary, free].compactMap { $0 } + facts.zoneEvidence(limit: 4)
    }

    /// Red Hat's 2.6.9 prints its own hint: `OOM kill occurred on an x86_64 NUMA system!`.
    private static func vendorHint(_ facts: ReportFacts) -> Verdict? {
        guard facts.remark.contains("NUMA system") else { return nil }
        var verdict = Verdict(
            .cpusetOrMempolicy, .likely, because: "one memory node of a NUMA machine had run out, by the kernel's own hint")
        verdict.deniedBy = DeniedBy(.nodes)
        verdict.evidence = [LogEvidence("the kernel's hint", facts.report.quotes.remark)].compactMap { $0 }
        verdict.remedies = NodesRemedies(facts: facts, isPolicy: true).all
        return verdict
    }
}
