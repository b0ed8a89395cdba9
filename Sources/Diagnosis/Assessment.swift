public import Kernel

/// What one reading of the machine means: every zone against every request, and what a person should know.
///
/// Floor invariant: values in, values out; no file, no clock, no text of the kernel.
public struct Assessment: Sendable {
    public let types: ZoneTypes
    /// Every zone of the file, in its order.
    public let zones: [ZoneAssessment]
    /// One for each kind of request that this machine can tell apart.
    public let requests: [RequestMargin]
    public let findings: [Finding]

    /// A kernel-only zone is nearly dry while a higher one, which it may not use, has plenty.
    public let lowZoneIsDry: Bool

    /// - Parameter node: only this node's zones, as for a request bound by a cpuset or a memory policy; nil for all.
    public init(of snapshot: Snapshot, zoneInfo: ZoneInfo, node: Int? = nil) {
        let types = ZoneTypes(of: zoneInfo, vmStat: snapshot.vmStat.value)
        let swapFree = snapshot.memInfo.value.map { Pages($0.swapFree, of: snapshot.pageSize) }
        var zones: [ZoneAssessment] = []
        zones.reserveCapacity(zoneInfo.zones.count)
        for zone in zoneInfo.zones where node == nil || zone.id.node == node {
            zones.append(ZoneAssessment(of: zone, types: types, swapFree: swapFree))
        }
        self.types = types
        self.zones = zones
        requests = AllocationRequest.allCases.compactMap { RequestMargin($0, in: zones) }
        let dry = LowZoneDry.finding(zones, requests, snapshot)
        lowZoneIsDry = dry != nil
        findings = (dry ?? MarginNearlyGone.finding(zones, requests, snapshot)).map { [$0] } ?? []
    }
}

/// One zone, and what each kind of request could have of it.
public struct ZoneAssessment: Sendable {
    public let zone: Zone
    /// nil for a zone without memory.
    public let state: ZoneState?
    /// Only of requests that may use the zone.
    public let headroom: [Headroom]

    init(of zone: Zone, types: ZoneTypes, swapFree: Pages?) {
        self.zone = zone
        state = ZoneState(of: zone)
        var headroom: [Headroom] = []
        if zone.isPopulated {
            headroom.reserveCapacity(Self.requests.count)
            for request in Self.requests {
                if let room = Headroom(of: zone, for: request, types: types, swapFree: swapFree) { headroom.append(room) }
            }
        }
        self.headroom = headroom
    }

    private static let requests = AllocationRequest.allCases
}

extension [Headroom] {
    /// Asked of the list, not of the zone: a zone is a large value, and an element of an array that is asked is copied first.
    subscript(request: AllocationRequest) -> Headroom? {
        for room in self where room.request == request { return room }
        return nil
    }
}
