/// The zone types that a kernel was built with, in order: what the columns of `protection` stand for.
public struct ZoneTypes: Hashable, Sendable {
    /// How many columns there are.
    public let count: Int
    /// The index is the column; empty where the columns have no names.
    public let types: [ZoneType]

    /// Named by the zones of the file; where this kernel left empty ones out, by vmstat's `pgalloc_*`; else by index.
    public init(of zoneInfo: ZoneInfo, vmStat: VMStat?) {
        var columns = 0
        var listed: Set32 = []
        for zone in zoneInfo.zones {
            columns = max(columns, zone.protection.count)
            if let type = zone.type { listed.insert(type.rawValue) }
        }
        count = columns
        let allocated = vmStat?.zoneTypes ?? []
        if listed.count == columns {
            types = ZoneType.allCases.filter { listed.contains($0.rawValue) }
        } else {
            types = allocated.count == columns ? allocated : []
        }
    }

    /// Columns that are known to stand for `types`, in their order.
    public init(_ types: [ZoneType]) {
        count = types.count
        self.types = types
    }

    public var names: [String] { (0..<count).map(name(of:)) }

    public func name(of column: Int) -> String {
        types.indices.contains(column) ? types[column].name : String(column)
    }

    /// The column that a request must respect: the one of the highest zone that it may use.
    ///
    /// - Returns: nil where the columns have no names, or this kernel has no such zone: a request for DMA32
    ///   is then one for Normal. Kernel: include/linux/gfp.h, `OPT_ZONE_DMA32`.
    public func column(of request: AllocationRequest) -> Int? {
        if let column = types.firstIndex(of: request.highestZone) { return column }
        guard request == .user else { return nil }
        // Before 2.6.23 there was no zone Movable.
        return types.firstIndex(of: .highMem) ?? types.firstIndex(of: .normal)
    }
}

/// Which of 32 small numbers are there.
private struct Set32: ExpressibleByArrayLiteral {
    private var bits: UInt32 = 0

    init(arrayLiteral elements: Int...) { for element in elements { insert(element) } }

    var count: Int { bits.nonzeroBitCount }

    mutating func insert(_ element: Int) { bits |= 1 << UInt32(element) }

    func contains(_ element: Int) -> Bool { bits >> UInt32(element) & 1 == 1 }
}
