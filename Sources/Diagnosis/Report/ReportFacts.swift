import Kernel

/// A report and what is computed of it once, for every rule.
struct ReportFacts {
    let report: OOMReport
    let era: ReportEra
    let pageSize: PageSize
    /// False where nothing in the report tells it and 4 KiB are assumed.
    let knowsPageSize: Bool
    let zones: ZoneJudgement?
    let use: MemoryUse
    let badness: ReportedBadness

    init(of report: OOMReport) {
        self.report = report
        let size = PageSize(of: report)
        pageSize = size ?? .fourKiB
        knowsPageSize = size != nil
        era = ReportEra(of: report)
        zones = ZoneJudgement(of: report, era: era, pageSize: pageSize)
        use = MemoryUse(of: report, pageSize: pageSize)
        badness = ReportedBadness(of: report)
    }

    var order: Order {
        guard let order = report.request?.order, (0..<32).contains(order) else { return Order(0) }
        return Order(order)
    }

    var isMemcg: Bool { report.scope == .memcg || report.constraint == "memcg" }

    /// Nothing that the arithmetic needs is missing: the request, its zones, and by its end what limited it.
    var isProof: Bool {
        guard let zones, zones.isDry, !zones.isInferred else { return false }
        let isTold =
            era.version.map { $0 >= KernelVersion(5, 2) } ?? false ? report.constraint != nil || report.refusal != nil : true
        return isTold && (!report.victims.isEmpty || report.refusal != nil)
    }

    /// Zones are printed, and by them nothing was short; or too few of them to tell.
    var isNotDry: Bool { !report.zones.isEmpty && zones?.isDry != true }

    /// Words of a refusal, a panic, SysRq or a userspace killer.
    var remark: String { report.quotes.remark?.text ?? "" }

    /// Swap is there, and all but a thirtieth of it is used: the rest lies in the CPUs' caches of slots.
    var swapIsFull: Bool {
        guard let swap = report.swap, swap.total > .zero else { return false }
        return swap.free.count <= swap.total.count / 30
    }

    var hasNoSwap: Bool { report.swap.map { $0.total == .zero } ?? false }

    /// The line that shows a counter of Mem-Info, its name whatever its letters.
    func counterLine(_ name: String) -> QuotedLine? {
        let key = Array("\(name):".utf8)
        return report.quotes.counters.first { $0.bytes.holds(key) }
    }
}

extension [UInt8] {
    /// `Active_anon:` is `active_anon:` in 2.6.28 to 2.6.31, and the first letter is enough to tell.
    fileprivate func holds(_ key: [UInt8]) -> Bool {
        guard count >= key.count else { return false }
        return (0...(count - key.count)).contains { start in
            (start == 0 || self[start - 1] == UInt8(ascii: " ")) && zip(self[start...], key).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }
}
