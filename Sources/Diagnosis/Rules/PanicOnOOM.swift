import Kernel

/// The machine was told to panic instead of killing.
///
/// Kernel: mm/oom_kill.c, `check_panic_on_oom()`; since 2.6.18. SysRq f never panics.
enum PanicOnOOM {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard facts.report.refusal == .panic || facts.report.victims.isEmpty, facts.remark.contains("panic_on_oom") else {
            return nil
        }
        let isCompulsory = facts.remark.lowercased().contains("compulsory")
        let setting = isCompulsory ? "vm.panic_on_oom is 2: any OOM" : "vm.panic_on_oom is 1: an OOM of the whole machine"
        var verdict = Verdict(.panic, .certain, because: "\(setting) makes the kernel panic instead of killing\(shortage(facts))")
        verdict.evidence = [LogEvidence("the kernel was told to panic", facts.report.quotes.remark)].compactMap { $0 }
        if facts.isMemcg {
            verdict.deniedBy = MemcgLimit.verdict(facts)?.deniedBy
        } else {
            verdict.deniedBy = facts.zones?.isDry == true ? facts.watermarkDenial() : nil
            verdict.evidence += facts.zoneEvidence(limit: 3)
        }
        verdict.evidence += falseAlarm(facts)
        verdict.remedies = PanicRemedies.told(facts, isCompulsory: isCompulsory)
        return verdict
    }

    private static func shortage(_ facts: ReportFacts) -> String {
        if facts.isMemcg { return "; it was a memory cgroup that had reached its limit, not the machine" }
        guard let excess = facts.freeAboveHigh, excess > Pages(0) else { return "" }
        return "; \(Bytes(excess, of: facts.pageSize).words) above the high watermark were free, so memory was not short"
    }

    private static func falseAlarm(_ facts: ReportFacts) -> [LogEvidence] {
        guard facts.report.request?.isWithoutContext == true else { return [] }
        let claim = "the mask is 0: a page fault was told to fail, nobody had asked for memory of the machine"
        return [LogEvidence(claim, facts.report.quotes.header)].compactMap { $0 }
    }
}

extension ReportFacts {
    /// How far the best zone is above high for an ordinary request of a page, whatever was asked.
    var freeAboveHigh: Pages? {
        if let zones { return zones.excess }
        guard report.zones.contains(where: { $0.high != nil }) else { return nil }
        return report.zones.compactMap { zone -> Pages? in
            guard let free = zone.free, let high = zone.high else { return nil }
            return Pages(free - high, of: pageSize) - (zone.protection.max() ?? .zero)
        }.max()
    }
}
