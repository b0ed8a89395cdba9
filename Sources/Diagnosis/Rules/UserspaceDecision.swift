import Kernel

/// A program decided to kill, by a limit of its own: systemd-oomd, earlyoom and their like.
enum UserspaceDecision {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard facts.report.kind == .userspaceKill else { return nil }
        let isSwap = facts.remark.contains("swap used") && !facts.remark.contains("memory pressure")
        var verdict = Verdict(
            isSwap ? .swapExhausted : .unknown, isSwap ? .likely : .possible,
            because: isSwap
                ? "a program that watches memory (systemd-oomd) found swap nearly used up"
                : "a program that watches memory decided so by a limit of its own; the kernel had not run out")
        verdict.deniedBy = DeniedBy(.userspace)
        verdict.evidence = [LogEvidence("the program's own words", facts.report.quotes.remark ?? facts.report.quotes.kill)]
            .compactMap { $0 }
        verdict.remedies = UserspaceRemedies.all
        return verdict
    }
}
