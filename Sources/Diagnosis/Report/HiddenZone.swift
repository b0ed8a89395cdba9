import Kernel

/// Memory that a report does not print: a zone above those that the request may use, told by what the totals have more.
///
/// Kernel: since 6.1 `show_free_areas()` leaves out the zones above the request's own; Mem-Info's `free:` and `pages RAM`
/// still count them. A log that was cut hides them as well.
struct HiddenZone: Hashable {
    /// HighMem where memory is counted as such, else Movable: a guess from the totals.
    let name: String
    let free: Bytes
    let managed: Bytes
    /// False where `free:` is missing and `free` is what the node's page lists leave of the zone, at most.
    let isCounted: Bool

    /// Nil where the reserves of the zones printed show no zone above the request's, or nothing tells what it held.
    init?(of report: OOMReport, reach: RequestReach, types: ZoneTypes, pageSize: PageSize) {
        guard reach.highestZone <= .normal, report.zones.allSatisfy({ ($0.type ?? .device) <= .normal }),
            let reserved = ReservedSize(of: report, reach: reach, types: types)
        else { return nil }
        let managed = Self.managed(report, pageSize) ?? Bytes(reserved.pages, of: pageSize)
        guard managed > Self.least(report, pageSize) else { return nil }
        if let counted = report.counters?["free"] {
            free = max(Bytes(counted, of: pageSize) - report.printed(\.free), .zero)
            isCounted = true
        } else {
            guard let lists = Self.lists(report), lists < managed else { return nil }
            free = managed - lists
            isCounted = false
        }
        self.managed = managed
        name = types.types.contains(.highMem) && report.totals.highMemory != .zero ? "HighMem" : "Movable"
    }

    var verdict: ZoneVerdict {
        ZoneVerdict(node: nil, name: name, free: free, managed: managed, isAllowed: false, isDerived: true, canServe: false)
    }

    /// `pages RAM` counts what is present, less `pages reserved` what the allocator owns.
    private static func managed(_ report: OOMReport, _ pageSize: PageSize) -> Bytes? {
        guard let ram = report.totals.ram, let reserved = report.totals.reserved, reserved < ram else { return nil }
        return Bytes(ram - reserved, of: pageSize) - report.printed { $0.managed ?? $0.present }
    }

    /// Less is a rounding, or the counters' lag between CPUs.
    private static func least(_ report: OOMReport, _ pageSize: PageSize) -> Bytes {
        Bytes(Pages((report.totals.ram?.count ?? 0) / 50), of: pageSize)
    }

    /// The pages on the nodes' lists that are not of the printed zones.
    private static func lists(_ report: OOMReport) -> Bytes? {
        guard !report.nodes.isEmpty else { return nil }
        let names = ["active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable"]
        let nodes = report.nodes.reduce(Bytes.zero) { sum, node in names.reduce(sum) { $0 + (node[$1] ?? .zero) } }
        let zones = report.zones.reduce(Bytes.zero) { sum, zone in names.reduce(sum) { $0 + (zone[$1] ?? .zero) } }
        return max(nodes - zones, .zero)
    }
}

/// A zone above the request's, as large as the reserve against it: managed pages / ratio, 256 or 32 where nobody set another.
///
/// Kernel: mm/page_alloc.c, `setup_per_zone_lowmem_reserve()`.
private struct ReservedSize {
    let pages: Pages

    init?(of report: OOMReport, reach: RequestReach, types: ZoneTypes) {
        guard let column = reach.column(in: types), let zone = report.zones.max(by: { ($0.type ?? .dma) < ($1.type ?? .dma) }),
            zone.protection.indices.contains(column)
        else { return nil }
        let above = (zone.protection[column...].max() ?? .zero) - zone.protection[column]
        guard above > .zero else { return nil }
        let (size, overflow) = above.count.multipliedReportingOverflow(by: (zone.type ?? .dma) < .normal ? 256 : 32)
        pages = overflow ? Pages(Int.max) : Pages(size)
    }
}

extension OOMReport {
    /// The sum over the zones that are printed; what a zone does not say counts nothing.
    func printed(_ amount: (ReportedZone) -> Bytes?) -> Bytes {
        zones.reduce(Bytes.zero) { $0 + (amount($1) ?? .zero) }
    }
}
