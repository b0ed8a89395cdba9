import Kernel

/// A program decided to kill, by a limit of its own: systemd-oomd, earlyoom and their like.
enum UserspaceDecision {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard facts.report.kind == .userspaceKill else { return nil }
        let isSwap = facts.remark.contains("swap used") && !facts.remark.contains("memory pressure")
        var verdict = Verdict(
            isSwap ? .swapExhausted : .unknown, isSwap ? .likely : .possible,
            because: reason(facts.remark, isSwap: isSwap))
        verdict.deniedBy = DeniedBy(.userspace)
        verdict.evidence = [LogEvidence("the program's own words", facts.report.quotes.remark ?? facts.report.quotes.kill)]
            .compactMap { $0 }
        verdict.remedies = UserspaceRemedies.all
        return verdict
    }

    /// systemd: src/oom/oomd-manager.c; since 247, the limits in the words since 250.
    ///
    ///     Killed /a.service due to memory pressure for /a.slice being 65.30% > 60.00% for > 30s with reclaim activity
    private static func reason(_ remark: String, isSwap: Bool) -> String {
        guard remark.hasPrefix("Killed /") || remark.hasPrefix("Marked /"), let words = remark.split(" due to ").last else {
            return "a program that watches memory decided so by a limit of its own; the kernel had not run out"
        }
        let sides = words.split(" being ")
        guard sides.count > 1, let measure = sides.last, case let what = sides.dropLast().joined(separator: " being ") else {
            return isSwap ? "systemd-oomd found swap nearly used up" : "systemd-oomd found \(words); the kernel had not run out"
        }
        guard !isSwap else { return "systemd-oomd found \(what) \(measure)" }
        let values = measure.split(" > ")
        let limit = values.count > 1 ? ", above its limit of \(values.dropFirst().joined(separator: " more than "))" : ""
        return "systemd-oomd found \(what) at \(values.first ?? measure)\(limit); the kernel had not run out"
    }
}

extension String {
    /// At each place of some words; itself where they are not in it.
    fileprivate func split(_ words: String) -> [String] {
        split(separator: words, omittingEmptySubsequences: false).map(String.init)
    }
}
