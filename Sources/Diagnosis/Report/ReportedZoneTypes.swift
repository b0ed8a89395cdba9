import Kernel

extension ZoneTypes {
    /// The zone types of the kernel that wrote a report: what the columns of its `lowmem_reserve[]` stand for.
    ///
    /// The zones printed are among them, Normal is in every kernel, Movable in every one since 2.6.23. What is still missing
    /// is one that is empty or that the report hides: HighMem where memory is counted as such, else those of a 64-bit kernel.
    init(of report: OOMReport) {
        let columns = report.zones.map(\.protection.count).max() ?? 0
        var types = Set(report.zones.compactMap(\.type))
        types.insert(.normal)
        if types.count < columns, types.contains(.movable) || Self.hasMovable(report) { types.insert(.movable) }
        for type in Self.missing(in: report, types) where types.count < columns { types.insert(type) }
        self.init(types.sorted())
    }

    private static func hasMovable(_ report: OOMReport) -> Bool {
        guard let release = report.release, let version = KernelVersion(release: release) else { return true }
        return version >= KernelVersion(2, 6, 23)
    }

    private static func missing(in report: OOMReport, _ types: Set<ZoneType>) -> [ZoneType] {
        if report.totals.highMemory.map({ $0 > .zero }) ?? false, !types.contains(.dma32) || !types.contains(.movable) {
            return [.highMem, .dma, .dma32, .device, .movable]
        }
        if types.contains(.dma32) { return [.dma, .device, .highMem, .movable] }
        return normalIsSecond(report) ? [.dma, .highMem, .device, .movable] : [.dma, .dma32, .device, .highMem, .movable]
    }

    /// Up to its own column a zone's reserve is 0: Normal's second number above 0 leaves room for only DMA below it.
    private static func normalIsSecond(_ report: OOMReport) -> Bool {
        report.zones.contains { zone in
            zone.type == .normal && zone.protection.count > 2 && zone.protection[2] > .zero && zone.protection[1] == .zero
        }
    }
}
