import Kernel

/// A request has almost nothing left to be served with, even if reclaim returned all that it can.
///
/// "Nearly gone" is less than the `high` watermarks of its zones together: what kswapd tries to keep free.
/// Kernel: mm/vmscan.c, `balance_pgdat()`; mm/page_alloc.c, `should_reclaim_retry()`.
enum MarginNearlyGone {
    static let id = "margin_nearly_gone"

    static func isNearlyGone(_ margin: RequestMargin, in zones: [ZoneAssessment]) -> Bool {
        guard let pages = margin.margin else { return false }
        return pages < reserve(for: margin.request, in: zones)
    }

    /// The sum of the `high` watermarks of the zones that the request may use.
    static func reserve(for request: AllocationRequest, in zones: [ZoneAssessment]) -> Pages {
        var sum = Pages.zero
        for index in zones.indices where zones[index].headroom[request] != nil { sum += zones[index].zone.watermarks.high }
        return sum
    }

    /// Stands on the first of `user` and `kernel` that is short: a kernel that can serve neither will kill.
    static func finding(_ zones: [ZoneAssessment], _ requests: [RequestMargin], _ snapshot: Snapshot) -> Finding? {
        let short = requests.first { $0.consequence == .oomKill && isNearlyGone($0, in: zones) }
        guard let short, let margin = short.margin else { return nil }
        let left = max(Bytes(margin, of: snapshot.pageSize), .zero).kibibytes
        return Finding(
            id: id, severity: margin > .zero ? .warning : .critical,
            claim:
                "memory for \(short.request.rawValue) requests is nearly gone: \(left) KiB are left with everything reclaimed; "
                + "when they are gone the OOM killer runs",
            evidence: evidence(for: short.request, zones, snapshot.pageSize) + Evidence.swap(snapshot))
    }

    /// The terms of each zone's margin: with the free swap they add up to it.
    static func evidence(for request: AllocationRequest, _ zones: [ZoneAssessment], _ pageSize: PageSize) -> [Evidence] {
        zones.flatMap { assessed -> [Evidence] in
            guard let headroom = assessed.headroom[request] else { return [] }
            return terms(of: assessed.zone, headroom).map { Evidence.zone(assessed.zone, $0.name, $0.pages, pageSize) }
        }
    }

    private static func terms(of zone: Zone, _ headroom: Headroom) -> [(name: String, pages: Pages)] {
        var terms = [("pages free", zone.free)]
        if !headroom.request.mayUseCMA, let cma = zone.freeCMA, cma > .zero { terms.append(("nr_free_cma", cma)) }
        if let highatomic = zone.freeHighatomic, highatomic > .zero { terms.append(("free_highatomic:", highatomic)) }
        terms.append(("min", zone.watermarks.min))
        terms.append(("protection against \(headroom.request.highestZone.name)", headroom.protection))
        if let lists = zone.reclaimable {
            terms.append(("nr_zone_inactive_file + nr_zone_active_file", lists.file))
            terms.append(("nr_zone_inactive_anon + nr_zone_active_anon", lists.anonymous))
        }
        return terms
    }
}
