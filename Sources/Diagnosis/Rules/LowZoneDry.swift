import Kernel

/// The zones that the kernel's own memory must come from are nearly dry, while a higher zone has plenty that only
/// processes' pages may use: HighMem on 32-bit, Movable on 64-bit (kernelcore=, virtio-mem, CXL).
///
/// This is the "out of memory although gigabytes are free". Kernel: mm/page_alloc.c, `should_reclaim_retry()`.
enum LowZoneDry {
    static let id = "low_zone_dry"

    static func finding(_ zones: [ZoneAssessment], _ requests: [RequestMargin], _ snapshot: Snapshot) -> Finding? {
        let pageSize = snapshot.pageSize
        let dry = requests.first {
            ($0.request == .kernel || $0.request == .dma32) && MarginNearlyGone.isNearlyGone($0, in: zones)
        }
        guard let dry, let margin = dry.margin, let full = plentiful(above: dry.request, in: zones) else { return nil }
        let left = max(Bytes(margin, of: pageSize), .zero).kibibytes
        let unused = Bytes(full.zone.free, of: pageSize).kibibytes
        return Finding(
            id: id, severity: dry.consequence == .oomKill || margin <= .zero ? .critical : .warning,
            claim: "\(dry.request.rawValue) requests are down to \(left) KiB while zone \(full.zone.id.name) of node "
                + "\(full.zone.id.node) has \(unused) KiB free that they may not use",
            evidence: MarginNearlyGone.evidence(for: dry.request, zones, pageSize)
                + Evidence.swap(snapshot) + [Evidence.zone(full.zone, "pages free", full.zone.free, pageSize)])
    }

    /// A zone that the request may not use, but processes may, with a tenth of its memory to be had.
    private static func plentiful(above request: AllocationRequest, in zones: [ZoneAssessment]) -> ZoneAssessment? {
        zones.first { assessed in
            guard assessed.headroom[request] == nil, let user = assessed.headroom[.user] else { return false }
            let managed = assessed.zone.managed ?? assessed.zone.present
            return (user.margin ?? user.now).count > managed.count / 10
        }
    }
}
