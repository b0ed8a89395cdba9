/// /proc/pagetypeinfo: the free blocks of every zone by migrate type, and how many page blocks each type owns.
///
/// Kernel: mm/vmstat.c, `pagetypeinfo_show()`; since 2.6.24, readable for root only since 5.4.
/// The kernel walks every free list under the zone's lock to print it, so it is read on request only.
public struct PageTypeInfo: Sendable {
    /// The order of a page block, the unit in which migrate types own memory.
    public let pageBlockOrder: Order
    public let zones: [TypedFreeAreas]

    public subscript(id: ZoneID) -> TypedFreeAreas? { zones.first { $0.id == id } }
}

/// The free lists of one zone, by migrate type.
public struct TypedFreeAreas: Sendable {
    public let id: ZoneID
    public fileprivate(set) var types: [MigrateType]
}

/// One migrate type of a zone. Kernel: include/linux/mmzone.h, `enum migratetype`.
public struct MigrateType: Sendable {
    /// `Unmovable`, `Movable`, `Reclaimable`, `HighAtomic`, `CMA`, `Isolate`; until 4.3 `Reserve`.
    public let name: String
    /// The index is the order.
    public let blocks: [BlockCount]
    /// Page blocks owned, free or not; nil where the kernel did not print them.
    public fileprivate(set) var pageBlocks: Int?

    /// Only movable requests may use CMA, only atomic ones HighAtomic, nobody Isolate.
    public var isUsableByAnyRequest: Bool { name != "CMA" && name != "HighAtomic" && name != "Isolate" }
}

/// A number of free blocks; since 5.4 the kernel stops counting at 100,000 and prints `>100000`.
public struct BlockCount: Hashable, Sendable {
    public let count: Int
    public let isLowerBound: Bool

    public init(count: Int, isLowerBound: Bool) {
        self.count = count
        self.isLowerBound = isLowerBound
    }
}

extension PageTypeInfo {
    /// Reads the text of /proc/pagetypeinfo.
    ///
    ///     Node    0, zone    DMA32, type      Movable      0      1      1 >100000
    ///
    /// - Throws: where the page block order or a count is missing or malformed.
    public init(parsing text: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(text)
        guard cursor.nextLine(), cursor.skip("Page block order:"), let order = cursor.number(), order < 32 else {
            throw cursor.error(in: Self.source, expected: "'Page block order:' and an order")
        }
        pageBlockOrder = Order(order)
        var zones: [TypedFreeAreas] = []
        var typeNames: [String] = []
        while cursor.nextLine() {
            if cursor.starts(with: "Node ") {
                try Self.readRow(&cursor, typeNames: typeNames, into: &zones)
            } else if cursor.skip("Number of blocks type") {
                typeNames = cursor.words()
            } else if cursor.starts(with: "Number of mixed blocks") {
                break
            }
        }
        self.zones = zones
    }

    fileprivate static let source = "pagetypeinfo"

    /// A row of the first table has `, type NAME`, one of the second only numbers.
    private static func readRow(
        _ cursor: inout LineCursor, typeNames: [String], into zones: inout [TypedFreeAreas]
    ) throws(ParseError) {
        let id = try cursor.zoneID(in: source)
        let index = zones.firstIndex { $0.id == id }
        cursor.skipBlanks()
        _ = cursor.skip(byte: UInt8(ascii: ","))
        cursor.skipBlanks()
        if cursor.skip("type ") {
            let type = MigrateType(name: cursor.text(cursor.word()), blocks: try cursor.blockCounts(), pageBlocks: nil)
            if let index { zones[index].types.append(type) } else { zones.append(TypedFreeAreas(id: id, types: [type])) }
        } else if let index {
            for name in typeNames {
                guard let count = cursor.number() else { throw cursor.error(in: source, expected: "a number of \(name) blocks") }
                for type in zones[index].types.indices where zones[index].types[type].name == name {
                    zones[index].types[type].pageBlocks = count
                }
            }
        }
    }
}

extension LineCursor {
    fileprivate mutating func words() -> [String] {
        var result: [String] = []
        while true {
            let range = word()
            if range.isEmpty { return result }
            result.append(text(range))
        }
    }

    fileprivate mutating func blockCounts() throws(ParseError) -> [BlockCount] {
        var result: [BlockCount] = []
        skipBlanks()
        while !isAtEnd {
            let isLowerBound = skip(byte: UInt8(ascii: ">"))
            guard let count = number(), result.count < 32 else {
                throw error(in: PageTypeInfo.source, expected: "a number of blocks of order \(result.count)")
            }
            result.append(BlockCount(count: count, isLowerBound: isLowerBound))
            skipBlanks()
        }
        return result
    }
}
