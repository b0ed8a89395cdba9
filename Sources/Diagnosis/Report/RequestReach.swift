import Kernel

/// What the failed request was allowed to take: up to which zone, whether from CMA, and how deep below the watermark.
///
/// Kernel: include/linux/gfp.h, `gfp_zone()`; mm/page_alloc.c, `gfp_to_alloc_flags()`.
struct RequestReach: Hashable {
    let kind: AllocationRequest
    /// GFP_HIGHUSER without MOVABLE may use HighMem, but neither Movable nor CMA.
    let isMovable: Bool
    let order: Order
    /// `__GFP_HIGH`: half of the watermark is for it.
    var mayUseHalf = false
    /// It cannot wait (GFP_ATOMIC): a further quarter, and the highatomic reserve.
    var cannotWait = false

    init(kind: AllocationRequest, isMovable: Bool? = nil, order: Order = Order(0)) {
        self.kind = kind
        self.isMovable = isMovable ?? (kind == .user)
        self.order = order
    }

    /// Nil where the report does not say what was asked for: no mask, the empty one of a page fault, SysRq f.
    init?(of request: OOMReport.Request?) {
        guard let request, let kind = request.kind, !request.isWithoutContext else { return nil }
        let order = request.order ?? 0
        guard (0..<32).contains(order) else { return nil }
        self.init(kind: kind, isMovable: kind == .user && (request.mask?.isMovable ?? true), order: Order(order))
        mayUseHalf = request.mask?.hasHigh ?? false
        cannotWait = mayUseHalf && (request.mask?.cannotWait ?? false)
    }

    var highestZone: ZoneType { kind == .user && !isMovable ? .highMem : kind.highestZone }

    func mayUse(_ type: ZoneType) -> Bool { type <= highestZone }

    /// The column of `lowmem_reserve[]`. A kernel without the zone takes the next lower one that always exists.
    func column(in types: ZoneTypes) -> Int? {
        if let column = types.types.firstIndex(of: highestZone) { return column }
        if kind == .user, let column = types.types.firstIndex(of: .highMem) { return column }
        return types.types.firstIndex(of: .normal)
    }

    /// Kernel: `__zone_watermark_ok()`, ALLOC_HIGH and ALLOC_HARDER (since 6.4 ALLOC_MIN_RESERVE and ALLOC_NON_BLOCK).
    func lowered(_ watermark: Pages) -> Pages {
        guard mayUseHalf else { return watermark }
        let half = watermark.count - watermark.count / 2
        return Pages(cannotWait ? half - half / 4 : half)
    }
}

extension OOMReport.Request {
    /// `pagefault_out_of_memory()`: a page fault was told to fail; nobody knows what was asked for. 2.6.29 to 5.15.
    var isWithoutContext: Bool { mask?.number == 0 }
}

extension GFPMask {
    var number: Int? { Int(hexadecimal.hasPrefix("0x") ? String(hexadecimal.dropFirst(2)) : hexadecimal, radix: 16) }

    /// In numbers without names (before 4.6) MOVABLE is 0x8, up to 2.6.31 0x100000.
    fileprivate var isMovable: Bool {
        if let flags { return flags.contains { $0.hasSuffix("_MOVABLE") || $0.hasPrefix("GFP_TRANSHUGE") } }
        return number.map { $0 & 0x10_0008 != 0 } ?? true
    }

    /// The only bit that has meant the same in every era.
    fileprivate var hasHigh: Bool { number.map { $0 & 0x20 != 0 } ?? false }

    /// Up to 4.3 there is no WAIT in it; where the kernel prints names, the name says it.
    fileprivate var cannotWait: Bool {
        if let flags { return flags.contains("GFP_ATOMIC") || flags.contains("__GFP_ATOMIC") }
        return number.map { $0 & 0x10 == 0 } ?? false
    }
}
