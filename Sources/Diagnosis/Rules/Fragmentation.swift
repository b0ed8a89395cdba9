import Kernel

/// Enough pages are free, but no block of the order on a list that the request may use.
///
/// Kernel: mm/page_alloc.c, `__zone_watermark_ok()`. Only orders 1 to 3 kill for it; larger ones are allocation failures.
enum Fragmentation {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard facts.order > Order(0), let zones = facts.zones, !zones.isInferred else { return nil }
        let served = zones.allowed.filter { $0.min == .served }
        let enough = served.isEmpty ? zones.allowed.filter { $0.min == .noBlock || $0.min == .blocksUnknown } : served
        guard let zone = enough.max(by: { ($0.slack ?? .zero) < ($1.slack ?? .zero) }) else { return nil }
        // Below high the last try fails for want of pages; far above it only for want of a block: the few that are there came
        // since, from a process that was killed before.
        guard served.isEmpty || (zone.slack.map { $0 > .zero } ?? false && hasFewBlocks(zone, facts)) else { return nil }
        guard !zones.hasMissing || (zone.slack.map { $0 > .zero } ?? false) else { return nil }
        let isKnown =
            !zones.hasMissing && served.isEmpty && zones.allowed.allSatisfy { $0.min != .blocksUnknown && $0.min != .unknown }
        let isAboveHigh = zone.slack.map { $0 > .zero } ?? false
        var verdict = Verdict(
            .fragmentation, isKnown && (isAboveHigh || facts.report.kind == .allocationFailure) ? .certain : .likely,
            because: because(facts, zone))
        verdict.deniedBy = denial(facts, zone)
        verdict.evidence = evidence(facts, zone)
        verdict.remedies = FragmentationRemedies(facts: facts, zone: zone).all
        return verdict
    }

    /// A quarter of the free memory at most lies in blocks of the order.
    private static func hasFewBlocks(_ zone: JudgedZone, _ facts: ReportFacts) -> Bool {
        let blocks = FreeAreas(id: ZoneID(node: 0, name: zone.zone.name), blocks: Array(zone.zone.freeBlocks.prefix(32)))
        let large = blocks.orders.filter { $0 >= facts.order }.reduce(Pages.zero) { $0 + blocks.pages(of: $1) }
        return large.count < blocks.free.count / 4
    }

    private static func because(_ facts: ReportFacts, _ zone: JudgedZone) -> String {
        let block = Bytes(facts.order.pages, of: facts.pageSize)
        let usable = zone.usable.map { Bytes($0, of: facts.pageSize) } ?? zone.zone.free ?? .zero
        return "\(usable.words) that it could use were free in zone \(facts.label(zone.zone)), more than must stay free "
            + "(\((zone.zone.min ?? .zero).words)), but in pieces too small: it needs \(block.words) that lie together (order \(facts.order.rawValue))"
    }

    private static func denial(_ facts: ReportFacts, _ zone: JudgedZone) -> DeniedBy {
        var denial = DeniedBy(.order)
        denial.node = zone.zone.node
        denial.zone = zone.zone.name
        denial.order = facts.order.rawValue
        denial.free = zone.usable.map { Bytes($0, of: facts.pageSize) }
        denial.needed = zone.zone.min.map { $0 + Bytes(zone.protection ?? .zero, of: facts.pageSize) }
        return denial
    }

    private static func evidence(_ facts: ReportFacts, _ zone: JudgedZone) -> [LogEvidence] {
        var items = [
            LogEvidence(
                "a block of order \(facts.order.rawValue) was asked for", facts.report.quotes.header,
                keys: ["order=", "gfp_mask="])
        ]
        items += facts.evidence(of: zone).map { $0 }
        let size = Bytes(facts.order.pages, of: facts.pageSize).kibibytes
        let listed = zone.zone.freeBlocks.indices.filter { $0 >= facts.order.rawValue && zone.zone.freeBlocks[$0] > 0 }
        let claim =
            listed.isEmpty
            ? "not one free block of \(size) KiB or more"
            : "the blocks of \(size) KiB and more are too few, or on lists that this request may not use (H: for atomic requests, C: CMA)"
        items.append(LogEvidence(claim, zone.zone.blocksLine))
        let others = facts.zones?.allowed.filter { $0 != zone } ?? []
        return items.compactMap { $0 } + others.prefix(3).flatMap { facts.evidence(of: $0) }
    }
}
