import Kernel

/// A zone of a report against its request.
struct JudgedZone: Hashable {
    let zone: ReportedZone
    /// Zone names that no kernel so far has printed are not judged.
    let isAllowed: Bool
    let pageSize: PageSize
    /// What the request must leave here for those that can use no higher zone.
    let protection: Pages?
    /// Free, less CMA and highatomic where the request may not take them.
    let usable: Pages?
    let min: Outcome
    let high: Outcome

    enum Outcome: Hashable {
        case served
        case belowWatermark
        /// Enough is free, but no block of the order on a list that the request may use.
        case noBlock
        /// Enough is free; whether in blocks of the order, the log does not say.
        case blocksUnknown
        /// The zone's line lacks a number.
        case unknown
    }

    init(_ zone: ReportedZone, _ reach: RequestReach, types: ZoneTypes, era: ReportEra, pageSize: PageSize) {
        self.zone = zone
        self.pageSize = pageSize
        isAllowed = zone.type.map(reach.mayUse) ?? false
        let column = reach.column(in: types)
        protection = column.flatMap { zone.protection.indices.contains($0) ? zone.protection[$0] : nil }
        let test = ZoneTest(zone: zone, reach: reach, protection: protection ?? .zero, era: era, pageSize: pageSize)
        usable = test.usable
        min = test.outcome(at: zone.min.map { reach.lowered(Pages($0, of: pageSize)) }, named: "min")
        high = test.outcome(at: (zone.high ?? zone.min).map { Pages($0, of: pageSize) }, named: "high")
    }

    /// Without memory of its own.
    var isEmpty: Bool { (zone.managed ?? zone.present) == .zero || (zone.free == .zero && zone.min == .zero) }

    /// By how much what is usable exceeds the high watermark and the protection; negative: it falls short.
    var slack: Pages? {
        guard let usable, let mark = zone.high ?? zone.min else { return nil }
        return usable - Pages(mark, of: pageSize) - (protection ?? .zero)
    }

    var verdict: ZoneVerdict? {
        guard let free = zone.free else { return nil }
        return ZoneVerdict(
            node: zone.node, name: zone.name, free: free, min: zone.min, high: zone.high, managed: zone.managed ?? zone.present,
            protection: protection.map { Bytes($0, of: pageSize) }, usable: usable.map { Bytes($0, of: pageSize) },
            isAllowed: isAllowed, canServe: isAllowed ? min.canServe : false)
    }
}

extension JudgedZone.Outcome {
    var canServe: Bool? {
        switch self {
        case .served: true
        case .belowWatermark, .noBlock: false
        case .blocksUnknown, .unknown: nil
        }
    }
}

/// `__zone_watermark_ok()` on what a report prints of a zone.
private struct ZoneTest {
    let zone: ReportedZone
    let reach: RequestReach
    let protection: Pages
    let era: ReportEra
    let pageSize: PageSize

    var usable: Pages? { sum(Pages.zero, named: "min")?.usable }

    func outcome(at watermark: Pages?, named name: String) -> JudgedZone.Outcome {
        guard let watermark, let sum = sum(watermark, named: name) else { return .unknown }
        guard sum.left > .zero else { return .belowWatermark }
        guard reach.order > Order(0) else { return .served }
        guard !zone.freeBlocks.isEmpty else { return zone.free == .zero ? .noBlock : .blocksUnknown }
        return hasBlock(sum) ? .served : .noBlock
    }

    private func sum(_ watermark: Pages, named name: String) -> WatermarkSum? {
        guard let free = zone.free else { return nil }
        return WatermarkSum(
            free: Pages(free, of: pageSize),
            foreignCMA: reach.isMovable ? nil : zone.freeCMA.map { Pages($0, of: pageSize) }, reserve: reserve,
            watermark: WatermarkCheck.Term(name: name, pages: watermark), protection: protection, order: reach.order)
    }

    /// Printed since 5.6 as what is set aside, since 6.17 also as what is free of it, which is what 6.12 and later take off.
    private var reserve: HighatomicReserve {
        if reach.cannotWait { return .known(.zero, name: "reserved_highatomic") }
        let isOnlyFree = zone.freeHighatomic != nil
        let bytes = (isOnlyFree ? zone.freeHighatomic : zone.reservedHighatomic) ?? .zero
        return .known(Pages(bytes, of: pageSize), name: isOnlyFree ? "free_highatomic" : "reserved_highatomic")
    }

    private func hasBlock(_ sum: WatermarkSum) -> Bool {
        let areas = FreeAreas(id: ZoneID(node: zone.node ?? 0, name: zone.name), blocks: Array(zone.freeBlocks.prefix(32)))
        guard era.hasBlockRule else { return !sum.leavesTooMuchInSmallBlocks(areas) }
        return areas.orders.contains { $0 >= reach.order && areas.blocks[$0.rawValue] > 0 && mayUse(listsOf: $0) }
    }

    /// `H`, `C` and `I` alone hold nothing for an ordinary request. Without letters the kernel does not tell.
    private func mayUse(listsOf order: Order) -> Bool {
        guard let types = zone.blockTypes, types.indices.contains(order.rawValue) else { return true }
        let letters = types[order.rawValue]
        if letters.isEmpty || letters.contains(where: { "UMER".contains($0) }) { return true }
        return (reach.isMovable && letters.contains("C")) || (reach.cannotWait && letters.contains("H"))
    }
}
