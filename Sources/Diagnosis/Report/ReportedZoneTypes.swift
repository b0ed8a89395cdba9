import Kernel

extension ZoneTypes {
    /// The zone types of the kernel that wrote a report: what the columns of its `lowmem_reserve[]` stand for.
    ///
    /// The zones printed are among them, Normal is in every kernel, Movable in every one since 2.6.23. What is still missing
    /// is one that is empty or that the report hides. A reserve grows from one column to the next by what the zone of that
    /// column holds, so of the types that there may be those are taken which leave the least growth without a zone.
    init(of report: OOMReport) {
        let columns = report.zones.map(\.protection.count).max() ?? 0
        var types = Set(report.zones.compactMap(\.type))
        types.insert(.normal)
        if types.count < columns, types.contains(.movable) || Self.hasMovable(report) { types.insert(.movable) }
        let choices = Self.choices(columns - types.count, of: Self.others(report, types)).map { types.union($0).sorted() }
        let best = choices.enumerated().min { a, b in
            (Self.unexplained(a.element, report), a.offset) < (Self.unexplained(b.element, report), b.offset)
        }
        self.init(best?.element ?? types.sorted())
    }

    private static func hasMovable(_ report: OOMReport) -> Bool {
        guard let release = report.release, let version = KernelVersion(release: release) else { return true }
        return version >= KernelVersion(2, 6, 23)
    }

    /// The likeliest first: HighMem where memory is counted as such, else those of a 64-bit kernel.
    private static func others(_ report: OOMReport, _ types: Set<ZoneType>) -> [ZoneType] {
        let hasHighMem = report.totals.highMemory.map { $0 > .zero } ?? false
        let order: [ZoneType] =
            hasHighMem && !types.contains(.dma32) ? [.highMem, .dma, .dma32, .device] : [.dma, .dma32, .device, .highMem]
        return order.filter { !types.contains($0) } + (types.contains(.movable) ? [] : [.movable])
    }

    private static func choices(_ count: Int, of types: [ZoneType]) -> [[ZoneType]] {
        guard count > 0 else { return [[]] }
        return types.indices.flatMap { index in
            choices(count - 1, of: Array(types[(index + 1)...])).map { [types[index]] + $0 }
        }
    }

    /// Growth in a column of a type that is not printed, though a higher one is.
    private static func unexplained(_ types: [ZoneType], _ report: OOMReport) -> Int {
        let highest = report.zones.compactMap(\.type).max() ?? .dma
        return report.zones.reduce(0) { sum, zone in
            sum
                + zone.protection.indices.dropFirst().filter { column in
                    guard types.indices.contains(column), types[column] <= highest,
                        zone.protection[column] > zone.protection[column - 1]
                    else { return false }
                    return !report.zones.contains { $0.node == zone.node && $0.type == types[column] }
                }.count
        }
    }
}
