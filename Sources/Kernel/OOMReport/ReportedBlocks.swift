/// The free blocks of a zone: `Node 0 DMA32: 26*4kB (UM) 26*8kB (UME) … = 44200kB`, or `DMA32: empty`.
///
/// Kernel: mm/page_alloc.c, `show_free_areas()`; the migrate types since 3.8. A list that is torn has what is there.
struct ReportedBlocks: Hashable, Sendable {
    var node: Int?
    /// nil in 2.4, where the zones' lists come in their order.
    var zone: String?
    /// By order; empty for `empty`.
    var blocks: [Int]
    var types: [String]?
    var sum: Bytes?
    var pageSize: PageSize?
}

extension ReportedBlocks {
    /// Nil if `text` is no such line. A count may be what is left of one that has gone below zero: near 2^32, or `Int.max`.
    ///
    ///     Node 0 DMA: 1*4kB (U) 0*8kB 1*16kB (M) = 20kB
    ///     3*4kB 1*8kB 0*16kB = 20kB)
    init?(_ text: [UInt8]) {
        var cursor = LineCursor(lineOf: text)
        let isNamed = cursor.peek.map { $0 &- UInt8(ascii: "0") >= 10 } ?? false
        var name: Range<Int>?
        if isNamed {
            node = cursor.nodeNumber()
            let word = cursor.zoneName()
            guard !word.isEmpty, cursor.skip(byte: UInt8(ascii: ":")) else { return nil }
            name = word
        }
        let list = BlockList(&cursor)
        guard !list.counts.isEmpty || name.map({ cursor.isEmptyList(of: $0) }) ?? false else { return nil }
        zone = name.map { cursor.text($0) }
        blocks = list.counts
        types = list.hasTypes ? list.types : nil
        sum = list.sum
        pageSize = list.smallest
    }
}

extension LineCursor {
    /// `DMA32: empty`, or nothing behind the name of a zone.
    fileprivate mutating func isEmptyList(of zone: Range<Int>) -> Bool {
        skipBlanks()
        return starts(with: "empty") || (isAtEnd && ZoneType(name: text(zone)) != nil)
    }
}

/// `1*4kB (U) 0*8kB 1*16kB (M) = 20kB`, as far as it goes.
private struct BlockList {
    private(set) var counts: [Int] = []
    private(set) var types: [String] = []
    private(set) var hasTypes = false
    private(set) var smallest: PageSize?
    private(set) var sum: Bytes?

    init(_ cursor: inout LineCursor) {
        while let (count, size) = cursor.block() {
            guard let order = order(of: size) else { break }
            while counts.count <= order {
                counts.append(0)
                types.append("")
            }
            counts[order] = count
            guard let letters = cursor.migrateTypes() else { continue }
            types[order] = letters
            hasTypes = true
        }
        cursor.skipBlanks()
        if !counts.isEmpty, cursor.skip("= "), let kibibytes = cursor.number(), cursor.skip("kB") {
            sum = Bytes(kibibytes: kibibytes)
        }
    }

    /// The first block of a list is a page. Nil for a size that no block can have.
    private mutating func order(of size: Bytes) -> Int? {
        guard size.count > 0, size.count & (size.count - 1) == 0 else { return nil }
        let page = smallest ?? PageSize(bytes: size.count)
        smallest = page
        guard size.count >= page.bytes else { return nil }
        let order = (size.count / page.bytes).trailingZeroBitCount
        return order < 32 ? order : nil
    }
}

extension LineCursor {
    /// `26*4kB`; nil, with nothing read, where there is none.
    fileprivate mutating func block() -> (Int, Bytes)? {
        let start = at
        guard let count = number(), skip(byte: UInt8(ascii: "*")), let size = number(), skip("kB") else {
            at = start
            return nil
        }
        return (count, Bytes(kibibytes: size))
    }

    /// ` (UME)`: which lists of an order are not empty.
    fileprivate mutating func migrateTypes() -> String? {
        let start = at
        guard skip(" ("), let end = bytes[at..<self.end].firstIndex(of: UInt8(ascii: ")")) else {
            at = start
            return nil
        }
        defer { at = end + 1 }
        return text(at..<end)
    }
}
