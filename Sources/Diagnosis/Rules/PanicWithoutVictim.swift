import Kernel

/// Nobody was left to be killed, so the kernel panicked.
///
/// Kernel: mm/oom_kill.c, `out_of_memory()`: "Out of memory and no killable processes...", since 4.19 "System is deadlocked on
/// memory". Where exempt processes hold the memory, that they filled it is the cause and the panic what followed.
enum PanicWithoutVictim {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard hasPanicked(facts), facts.report.victims.isEmpty, !exemptHoldMemory(facts) else { return nil }
        let nobody = facts.report.tasks.isComplete && facts.report.tasks.rows.isEmpty
        let who = nobody ? "there was no process at all, as happens at boot or in a crash kernel" : "no process may be killed"
        var verdict = Verdict(.panic, .likely, because: "memory ran out and \(who), so that the kernel could only panic")
        verdict.deniedBy = facts.zones?.isDry == true ? facts.watermarkDenial() : nil
        verdict.evidence = [LogEvidence("the kernel found nobody to kill", facts.report.quotes.remark)].compactMap { $0 }
        verdict.evidence += facts.zoneEvidence(limit: 3) + [facts.ramEvidence].compactMap { $0 }
        verdict.remedies = PanicRemedies.withoutVictim(facts, nobody: nobody)
        return verdict
    }

    /// Where the log ends before the panic: only a memory cgroup and SysRq f are told that there is nobody and no more.
    private static func hasPanicked(_ facts: ReportFacts) -> Bool {
        if facts.report.refusal == .panic { return true }
        return facts.report.refusal == .nobodyToKill && facts.report.scope == .global && !facts.isMemcg
    }

    /// Processes that may not be killed have a third of the memory or more.
    private static func exemptHoldMemory(_ facts: ReportFacts) -> Bool {
        let exempt = facts.report.tasks.rows.filter { $0.scoreAdjustment == -1000 }
        let held = exempt.reduce(Pages.zero) { $0 + ($1.resident ?? .zero) }
        guard held > .zero, facts.use.sum > .zero else { return false }
        return facts.use.share(Bytes(held, of: facts.pageSize)) >= 333 && facts.use.share(facts.use.processes) >= 333
    }
}
