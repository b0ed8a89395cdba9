/// /proc/buddyinfo: the free blocks of every populated zone, by order.
///
/// Kernel: mm/vmstat.c, `frag_show_print()`; since 2.5.40.
public struct BuddyInfo: Sendable {
    public let zones: [FreeAreas]

    public subscript(id: ZoneID) -> FreeAreas? { zones.first { $0.id == id } }

    /// Reads the text of /proc/buddyinfo; as many orders as the kernel was built with.
    ///
    ///     Node 0, zone   Normal      2      3      7      7      4      5      5      4      5      0     11
    ///
    /// - Throws: where a zone's head or a number is malformed, or a row has another number of orders than the first.
    public init(parsing text: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(text)
        var zones: [FreeAreas] = []
        while cursor.nextLine() {
            let row = try FreeAreas(parsing: &cursor)
            if let first = zones.first, first.blocks.count != row.blocks.count {
                throw ParseError(
                    source: Self.source, line: cursor.line, expected: "\(first.blocks.count) orders as in the first row",
                    found: String(row.blocks.count))
            }
            zones.append(row)
        }
        guard !zones.isEmpty else { throw cursor.error(in: Self.source, expected: "at least one zone") }
        self.zones = zones
    }

    static let source = "buddyinfo"
}

/// The free lists of one zone: how many free blocks it has of each order. Kernel: `struct free_area`.
public struct FreeAreas: Hashable, Sendable {
    public let id: ZoneID
    /// Blocks, not pages; the index is the order.
    public let blocks: [Int]

    public init(id: ZoneID, blocks: [Int]) {
        precondition(blocks.count <= 32, "no kernel has more than 32 orders")
        self.id = id
        self.blocks = blocks
    }

    public var orders: [Order] { blocks.indices.map(Order.init) }

    public func pages(of order: Order) -> Pages { Pages(product(blocks[order.rawValue], order.pages.count)) }

    /// The sum of all blocks. Counted list by list, so it may differ a little from the zone's own `free`.
    public var free: Pages { orders.reduce(Pages.zero) { $0 + pages(of: $1) } }

    /// nil where nothing is free.
    public var largestFreeOrder: Order? { blocks.lastIndex { $0 > 0 }.map(Order.init) }

    fileprivate init(parsing cursor: inout LineCursor) throws(ParseError) {
        let id = try cursor.zoneID(in: BuddyInfo.source)
        var blocks: [Int] = []
        blocks.reserveCapacity(11)
        cursor.skipBlanks()
        while !cursor.isAtEnd {
            guard let count = cursor.number(), blocks.count < 32 else {
                throw cursor.error(in: BuddyInfo.source, expected: "a number of blocks of order \(blocks.count)")
            }
            blocks.append(count)
            cursor.skipBlanks()
        }
        guard !blocks.isEmpty else { throw cursor.error(in: BuddyInfo.source, expected: "a number of blocks of order 0") }
        self.init(id: id, blocks: blocks)
    }
}

/// Torn rows may hold underflowed counts near 2^64.
private func product(_ a: Int, _ b: Int) -> Int {
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? Int.max : value
}
