public import Kernel

/// How badly the free memory of a zone is cut up, for requests of one order.
///
/// The kernel's own two figures, in thousandths, with its integer arithmetic: equal to debugfs `extfrag/unusable_index`
/// and `extfrag/extfrag_index` to the digit. Kernel: mm/vmstat.c, `fill_contig_page_info()`; since 2.6.35.
public struct FragmentationIndex: Hashable, Sendable {
    public let order: Order
    /// The share of the free memory that lies in blocks too small: 0 none, 1000 all, or nothing is free.
    /// Kernel: `unusable_free_index()`.
    public let unusable: Int
    /// Why a request would fail: towards 0 for lack of memory, towards 1000 for fragmentation; it can be below 0.
    /// nil where it would succeed (the kernel prints -1.000). Kernel: `__fragmentation_index()`.
    public let index: Int?

    public init(of areas: FreeAreas, order: Order) {
        self.init(Contiguity(of: areas), suitable: Contiguity.suitable(areas, order), order: order)
    }

    /// The indexes of every order, in one pass over the lists.
    public static func all(of areas: FreeAreas) -> [FragmentationIndex] {
        let whole = Contiguity(of: areas)
        var indexes: [FragmentationIndex] = []
        indexes.reserveCapacity(areas.blocks.count)
        // From the largest order down: a block gives two of the order below it.
        var suitable: UInt64 = 0
        for order in areas.blocks.indices.reversed() {
            suitable = suitable &* 2 &+ UInt64(truncatingIfNeeded: areas.blocks[order])
            indexes.append(FragmentationIndex(whole, suitable: suitable, order: Order(order)))
        }
        indexes.reverse()
        return indexes
    }

    private init(_ whole: Contiguity, suitable: UInt64, order: Order) {
        self.order = order
        let free = whole.freePages
        unusable =
            free == 0 ? 1000 : Int(truncatingIfNeeded: (free &- (suitable &<< UInt64(order.rawValue))) &* 1000 / free)
        if suitable > 0 {
            index = nil
        } else if whole.freeBlocks == 0 {
            index = 0
        } else {
            let requested = UInt64(order.pages.count)
            index = 1000 &- Int(truncatingIfNeeded: (1000 &+ free &* 1000 / requested) / whole.freeBlocks)
        }
    }
}

/// Kernel: `struct contig_page_info`. A torn report may hold counts near 2^64: sums wrap as the kernel's do.
private struct Contiguity {
    let freePages: UInt64
    let freeBlocks: UInt64

    init(of areas: FreeAreas) {
        var pages: UInt64 = 0
        var blocks: UInt64 = 0
        for (order, count) in areas.blocks.enumerated() {
            pages &+= UInt64(truncatingIfNeeded: count) &<< UInt64(order)
            blocks &+= UInt64(truncatingIfNeeded: count)
        }
        freePages = pages
        freeBlocks = blocks
    }

    /// How many blocks of `order` the lists could give.
    static func suitable(_ areas: FreeAreas, _ order: Order) -> UInt64 {
        var count: UInt64 = 0
        for larger in order.rawValue..<max(areas.blocks.count, order.rawValue) {
            count &+= UInt64(truncatingIfNeeded: areas.blocks[larger]) &<< UInt64(larger - order.rawValue)
        }
        return count
    }
}
