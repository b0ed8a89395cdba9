import Kernel

/// RAM is set aside as huge pages, used or not, and what is left is not enough.
///
/// Kernel: mm/hugetlb.c, `hugetlb_show_meminfo_node()`; since 3.10.
enum HugepagesReserved {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        let pools = facts.report.hugePages.filter { $0.total > 0 }
        let all = pools.reduce(Bytes.zero) { $0 + $1.bytes }
        let unused = pools.reduce(Bytes.zero) { $0 + $1.freeBytes }
        guard let largest = pools.max(by: { $0.bytes < $1.bytes }), let confidence = confidence(facts, all, unused) else {
            return nil
        }
        var verdict = Verdict(
            .hugepagesReserved, confidence,
            because:
                "\(all.words)\(facts.shareWords(all)) are set aside as huge pages, \(unused.words) of them unused, and what is left is not enough"
        )
        verdict.deniedBy = facts.zones?.isDry == true ? facts.watermarkDenial() : nil
        verdict.evidence =
            pools.compactMap { pool in
                LogEvidence(
                    "\(pool.total) huge pages of \(pool.size.words): \(pool.bytes.words), \(pool.freeBytes.words) of it unused",
                    pool.line,
                    keys: ["hugepages_total=", "hugepages_free=", "hugepages_size="])
            } + facts.zoneEvidence(limit: 3) + [facts.anonymousEvidence].compactMap { $0 }
        verdict.remedies = HugepageRemedies(facts: facts, pool: largest, unused: unused).all
        return verdict
    }

    /// Half of the memory; or a quarter that is not used and more than processes have. Where the log shows nothing but the
    /// pools, only large ones of which nothing is used say something.
    private static func confidence(_ facts: ReportFacts, _ all: Bytes, _ unused: Bytes) -> Confidence? {
        guard let whole = facts.use.whole else {
            let isAllThereIs = facts.report.zones.isEmpty && facts.report.counters == nil
            return isAllThereIs && unused == all && all >= least ? .likely : nil
        }
        let share = all.thousandths(of: whole)
        let isMost = share >= 500 || (unused.thousandths(of: whole) >= 250 && unused > facts.use.processes)
        guard isMost, !facts.isNotDry else { return nil }
        return facts.isProof && share >= 500 ? .certain : .likely
    }

    private static let least = Bytes(kibibytes: 1 << 20)
}
