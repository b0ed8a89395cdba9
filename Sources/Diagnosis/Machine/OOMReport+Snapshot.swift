import Kernel

extension OOMReport {
    /// What a report would say if a request failed now: the same numbers from /proc, so that the same arithmetic does.
    init(of snapshot: Snapshot, assessment: Assessment, request: AllocationRequest) {
        self.init(kind: .kill, at: LogLine(number: 0, text: [UInt8]()))
        scope = .global
        self.request = Request(mask: nil, order: 0, kind: request)
        let size = snapshot.pageSize
        zones = assessment.zones.filter { $0.zone.isPopulated }.map { assessed in
            ReportedZone(of: assessed.zone, areas: snapshot.buddyInfo.value?[assessed.zone.id], pageSize: size)
        }
        counters = MemoryCounters(of: assessment.zones.map(\.zone), nodes: snapshot.zoneInfo.value?.nodes ?? [], pageSize: size)
        swap = snapshot.memInfo.value.map { Swap(total: $0.swapTotal, free: $0.swapFree) }
        totals.ram = zones.reduce(Pages.zero) { $0 + Pages($1.managed ?? $1.present ?? .zero, of: size) }
    }
}

extension ReportedZone {
    fileprivate init(of zone: Zone, areas: FreeAreas?, pageSize: PageSize) {
        self.init(node: zone.id.node, name: zone.id.name)
        let bytes = { (pages: Pages) in Bytes(pages, of: pageSize) }
        free = bytes(zone.free)
        min = bytes(zone.watermarks.min)
        low = bytes(zone.watermarks.low)
        high = bytes(zone.watermarks.high)
        freeCMA = zone.freeCMA.map(bytes)
        freeHighatomic = zone.freeHighatomic.map(bytes)
        present = bytes(zone.present)
        managed = zone.managed.map(bytes)
        protection = zone.protection
        freeBlocks = areas?.blocks ?? []
        self.pageSize = pageSize
        if let lists = zone.reclaimable {
            amounts = [
                Amount(name: "active_file", bytes: bytes(lists.file)), Amount(name: "active_anon", bytes: bytes(lists.anonymous)),
            ]
        }
    }
}

extension MemoryCounters {
    /// zoneinfo's names without `nr_`, where Mem-Info has others by those; the same counter is the zones' in some kernels
    /// and the nodes' in others.
    fileprivate init(of zones: [Zone], nodes: [NodeStatistics], pageSize: PageSize) {
        var sums: [String: Int] = [:]
        for counter in zones.flatMap(\.counters) + nodes.flatMap(\.counters) {
            guard let name = Self.names[counter.name] else { continue }
            sums[name] = (sums[name] ?? 0) &+ counter.value
        }
        sums["kernel_stack"] = sums["kernel_stack"].map { Pages(Bytes(kibibytes: $0), of: pageSize).count }
        sums["free"] = zones.reduce(Pages.zero) { $0 + $1.free }.count
        sums["free_pcp"] = zones.reduce(Pages.zero) { $0 + $1.perCPU }.count
        self.init(counts: sums.sorted { $0.key < $1.key }.map { Count(name: $0.key, pages: Pages($0.value)) })
    }

    /// nr_kernel_stack is in KiB.
    private static let names = [
        "nr_active_anon": "active_anon", "nr_inactive_anon": "inactive_anon", "nr_active_file": "active_file",
        "nr_inactive_file": "inactive_file", "nr_unevictable": "unevictable", "nr_shmem": "shmem",
        "nr_slab_reclaimable": "slab_reclaimable", "nr_slab_unreclaimable": "slab_unreclaimable",
        "nr_page_table_pages": "pagetables",
        "nr_kernel_stack": "kernel_stack", "nr_free_cma": "free_cma",
    ]
}
