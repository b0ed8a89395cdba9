public import Kernel

/// Would the kernel take a block of this order from this zone now?
///
/// Kernel: mm/page_alloc.c, `__zone_watermark_ok()`, for a request that may not use the reserves.
public struct WatermarkCheck: Sendable {
    /// nil where it hangs on what could not be read.
    public var canServe: Bool? {
        switch verdict {
        case .served: true
        case .reserveUnknown, .listsUnknown: nil
        default: false
        }
    }

    /// The sum as the kernel builds it, first to last.
    public let terms: [Term]
    public let verdict: Verdict

    /// One number of the sum. Those that are taken off are negative.
    public struct Term: Hashable, Sendable {
        public let name: String
        public let pages: Pages
    }

    public enum Verdict: Hashable, Sendable {
        case served
        /// Free memory does not exceed the watermark and the protection.
        case belowWatermark(missing: Pages)
        /// Enough is free, but no block is large enough.
        case noBlock
        /// Up to 4.3: enough is free, but too much of it in smaller blocks.
        case tooMuchInSmallBlocks
        /// Blocks are large enough, but only on lists that this request may not use.
        case onlyOnOtherLists
        /// It would be served, unless the highatomic reserve, which could not be read, is as large as it may be.
        case reserveUnknown(atMost: Pages)
        /// Blocks are large enough; on which lists they are could not be read.
        case listsUnknown
        /// The request may not use this zone.
        case zoneNotAllowed
        /// There is nothing in the zone.
        case zoneEmpty
    }

    public enum Watermark: String, CaseIterable, Sendable {
        case min, low, high
    }

    /// What is asked of the zone.
    public struct Question: Sendable {
        public let order: Order
        public let request: AllocationRequest
        public let watermark: Watermark

        public init(order: Order, request: AllocationRequest, watermark: Watermark) {
            self.order = order
            self.request = request
            self.watermark = watermark
        }
    }

    /// What is known beside zoneinfo; nil where it could not be read.
    public struct Knowledge: Sendable {
        /// Without it the rule of 4.4 and later is applied.
        public var kernel: KernelVersion?
        /// Only orders above 0 need them.
        public var areas: FreeAreas?
        public var pageTypes: PageTypeInfo?

        public init(kernel: KernelVersion?, areas: FreeAreas?, pageTypes: PageTypeInfo? = nil) {
            self.kernel = kernel
            self.areas = areas
            self.pageTypes = pageTypes
        }
    }

    public init(of zone: Zone, types: ZoneTypes, known: Knowledge, asked question: Question) {
        guard let type = zone.type, question.request.mayUse(type), let column = types.column(of: question.request) else {
            (terms, verdict) = ([], .zoneNotAllowed)
            return
        }
        let reserve = HighatomicReserve(of: zone, known)
        let sum = WatermarkSum(
            free: zone.free, foreignCMA: question.request.mayUseCMA ? nil : zone.freeCMA, reserve: reserve,
            watermark: Term(name: question.watermark.rawValue, pages: zone.watermarks[question.watermark]),
            protection: zone.protection(at: column), order: question.order)
        terms = sum.terms
        verdict = zone.isPopulated ? Self.verdict(sum, known, known.pageTypes?[zone.id], question) : .zoneEmpty
    }

    private static func verdict(
        _ sum: WatermarkSum, _ known: Knowledge, _ typed: TypedFreeAreas?, _ question: Question
    ) -> Verdict {
        let left = sum.left
        guard left > .zero else { return .belowWatermark(missing: Pages(1) - left) }
        if case .unknown(let limit) = sum.reserve, left <= limit { return .reserveUnknown(atMost: limit) }
        guard sum.order > Order(0) else { return .served }
        if let kernel = known.kernel, kernel < HighatomicReserve.since { return oldVerdict(sum, known.areas) }
        if let typed { return verdict(of: typed, question) }
        guard let areas = known.areas else { return .listsUnknown }
        let suitable = areas.orders.filter { $0 >= sum.order }.reduce(Pages.zero) { $0 + areas.pages(of: $1) }
        if suitable == .zero { return .noBlock }
        return suitable > sum.elsewhere ? .served : .listsUnknown
    }

    private static func oldVerdict(_ sum: WatermarkSum, _ areas: FreeAreas?) -> Verdict {
        guard let areas else { return .listsUnknown }
        return sum.leavesTooMuchInSmallBlocks(areas) ? .tooMuchInSmallBlocks : .served
    }

    private static func verdict(of typed: TypedFreeAreas, _ question: Question) -> Verdict {
        let holders = typed.types.filter { $0.blocks.dropFirst(question.order.rawValue).contains { $0.count > 0 } }
        if holders.isEmpty { return .noBlock }
        let usable = holders.contains { $0.isUsableByAnyRequest || (question.request.mayUseCMA && $0.name == "CMA") }
        return usable ? .served : .onlyOnOtherLists
    }
}

extension Watermarks {
    public subscript(watermark: WatermarkCheck.Watermark) -> Pages {
        switch watermark {
        case .min: min
        case .low: low
        case .high: high
        }
    }
}
