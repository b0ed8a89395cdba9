import Kernel

/// The sum that the kernel compares with 0, term by term: of a live zone or of one that a report prints.
///
/// Kernel: mm/page_alloc.c, `__zone_watermark_ok()`.
struct WatermarkSum {
    let free: Pages
    /// What is free of CMA, where the request may not use it; else nil.
    let foreignCMA: Pages?
    let reserve: HighatomicReserve
    let watermark: WatermarkCheck.Term
    let protection: Pages
    let order: Order

    var terms: [WatermarkCheck.Term] {
        var terms = [WatermarkCheck.Term(name: "free", pages: free)]
        func takeOff(_ name: String, _ pages: Pages) { terms.append(WatermarkCheck.Term(name: name, pages: .zero - pages)) }
        if order > Order(0) { takeOff("block_less_one", order.pages - Pages(1)) }
        if case .known(let pages, let name) = reserve { takeOff(name, pages) }
        if let foreignCMA { takeOff("free_cma", foreignCMA) }
        takeOff(watermark.name, watermark.pages)
        takeOff("protection", protection)
        return terms
    }

    var left: Pages { terms.reduce(Pages.zero) { $0 + $1.pages } }

    /// The same without watermark and protection.
    var usable: Pages { left + watermark.pages + protection }

    /// The most that can lie on lists which the request may not use.
    var elsewhere: Pages {
        let cma = foreignCMA ?? .zero
        switch reserve {
        case .known(let pages, _): return cma + pages
        case .unknown(let limit): return cma + limit
        }
    }

    /// Up to 4.3 what lies in smaller blocks was taken off, order by order, against half of the watermark each time.
    func leavesTooMuchInSmallBlocks(_ areas: FreeAreas) -> Bool {
        var free = usable
        var watermark = self.watermark.pages.count
        for smaller in areas.orders where smaller < order {
            free = free - areas.pages(of: smaller)
            watermark >>= 1
            if free.count <= watermark { return true }
        }
        return false
    }
}
