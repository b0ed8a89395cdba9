import Kernel

/// What the kernel keeps for atomic requests in page blocks of its own; every other request must do without it.
///
/// Kernel: mm/page_alloc.c, `reserve_highatomic_pageblock()`; since 4.4. What is taken off is the whole reserve, since 6.12
/// what is free of it. zoneinfo tells it since 6.19; before, pagetypeinfo does to those who may read it.
enum HighatomicReserve: Hashable {
    case known(Pages, name: String)
    case unknown(atMost: Pages)

    static let since = KernelVersion(4, 4)
    private static let onlyFreeSince = KernelVersion(6, 12)

    init(of zone: Zone, _ known: WatermarkCheck.Knowledge) {
        if let free = zone.freeHighatomic {
            self = .known(free, name: "free_highatomic")
        } else if let kernel = known.kernel, kernel < Self.since {
            self = .known(.zero, name: "reserved_highatomic")
        } else if let info = known.pageTypes, let told = Self.told(by: info, of: zone.id, known.kernel) {
            self = told
        } else {
            self = .unknown(atMost: Self.limit(of: zone, orders: known.areas?.blocks.count ?? 11))
        }
    }

    private static func told(by info: PageTypeInfo, of id: ZoneID, _ kernel: KernelVersion?) -> HighatomicReserve? {
        guard let zone = info[id] else { return nil }
        guard let type = zone.types.first(where: { $0.name == "HighAtomic" }) else {
            return .known(.zero, name: "reserved_highatomic")
        }
        if let kernel, kernel >= onlyFreeSince {
            let free = FreeAreas(id: id, blocks: type.blocks.map { $0.count }).free
            return .known(free, name: "free_highatomic")
        }
        guard let blocks = type.pageBlocks else { return nil }
        return .known(
            FreeAreas(id: id, blocks: Self.row(of: blocks, order: info.pageBlockOrder)).free, name: "reserved_highatomic")
    }

    private static func row(of blocks: Int, order: Order) -> [Int] {
        Array(repeating: 0, count: order.rawValue) + [blocks]
    }

    /// A hundredth of the zone and a page block, which is no larger than the largest block; one more for the rounding.
    private static func limit(of zone: Zone, orders: Int) -> Pages {
        let block = Order(min(max(orders - 1, 0), 31)).pages
        return Pages((zone.managed ?? zone.present).count / 100) + block + block
    }
}
