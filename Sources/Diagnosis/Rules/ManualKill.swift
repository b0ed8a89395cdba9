import Kernel

/// SysRq f: somebody asked for a kill, whatever was free.
///
/// Kernel: drivers/tty/sysrq.c, `moom_callback()`; the order is −1 since 4.4, `is_sysrq_oom()`. Before, only the neighbours tell.
enum ManualKill {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        let isOrder = facts.report.request?.order == -1
        guard isOrder || facts.report.scope == .manual else { return nil }
        // The header says it all; but of a log that is cut behind it nobody can say what else it held.
        let isWhole = isOrder && !facts.report.zones.isEmpty
        var verdict = Verdict(
            .manual, isWhole ? .certain : .likely,
            because: "somebody asked for it by SysRq f (/proc/sysrq-trigger or the keyboard)\(freeWords(facts))")
        verdict.deniedBy = DeniedBy(.sysrq)
        let header = LogEvidence("order=-1 stands for SysRq f and for nothing else", isOrder ? facts.report.quotes.header : nil)
        let remark = LogEvidence("the kernel says that the killer was called by hand", facts.report.quotes.remark)
        let ram = facts.report.counters?["free"].flatMap { free in
            facts.counterEvidence(["free"], "\(Bytes(free, of: facts.pageSize).words) were free")
        }
        verdict.evidence = [header, remark, ram].compactMap { $0 }
        verdict.remedies = ManualRemedies.all(facts)
        return verdict
    }

    private static func freeWords(_ facts: ReportFacts) -> String {
        guard let free = facts.report.counters?["free"], facts.use.whole != nil else { return "" }
        let bytes = Bytes(free, of: facts.pageSize)
        return "; \(bytes.words)\(facts.shareWords(bytes)) were free"
    }
}
