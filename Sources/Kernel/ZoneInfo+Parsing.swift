extension ZoneInfo {
    /// Reads the text of /proc/zoneinfo, of every kernel from 2.6.13 to 7.x, in one pass.
    ///
    ///     Node 0, zone   Normal
    ///       pages free     13692
    ///             min      10352
    ///
    /// - Throws: where a zone's head, a number or a line that every kernel prints is missing.
    public init(parsing text: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(text)
        var zones: [Zone] = []
        zones.reserveCapacity(8)
        var nodes: [NodeStatistics] = []
        var found = cursor.nextLine()
        guard found else { throw cursor.error(in: ZoneBlock.source, expected: "at least one zone") }
        while found {
            var block = ZoneBlock(start: cursor.line)
            found = try block.read(&cursor)
            zones.append(try block.zone(before: cursor))
            if let statistics = block.nodeStatistics(of: text) { nodes.append(statistics) }
        }
        self.init(zones: zones, nodes: nodes)
    }
}

/// The lines from one `Node N, zone NAME` to the next.
private struct ZoneBlock {
    static let source = "zoneinfo"

    /// Where a line belongs. Names repeat from part to part: `high` is a watermark, `high:` a CPU's list.
    enum Part { case head, node, zone, pageSets }

    let start: Int
    private var id: ZoneID?
    private var part = Part.head
    private var values = ZoneValues()
    private var partStart = 0
    private var nodeRange: Range<Int>?
    private var zoneRange = 0..<0

    init(start: Int) { self.start = start }

    /// Reads up to the next zone's head, which becomes the current line. False at the end of the text.
    mutating func read(_ cursor: inout LineCursor) throws(ParseError) -> Bool {
        id = try cursor.zoneID(in: Self.source)
        while cursor.nextLine() {
            if cursor.starts(with: "Node ") {
                endPart(at: cursor.at)
                return true
            }
            // The node's counters are a third of the file, and nothing but kept.
            if part == .node, cursor.starts(with: "   ") { continue }
            // Of a CPU's list only the count is summed.
            if part == .pageSets, cursor.starts(with: "              "), !cursor.starts(with: "              c") { continue }
            let lineStart = cursor.at
            cursor.skipBlanks()
            try readLine(&cursor, from: lineStart)
        }
        endPart(at: cursor.end)
        return false
    }

    private mutating func endPart(at place: Int) {
        switch part {
        case .head: break
        case .node: nodeRange = partStart..<place
        case .zone, .pageSets: zoneRange = partStart..<place
        }
    }

    private mutating func readLine(_ cursor: inout LineCursor, from lineStart: Int) throws(ParseError) {
        switch part {
        case .head, .node:
            // Most lines are the node's counters.
            guard cursor.peek == UInt8(ascii: "p") else { return }
            if cursor.skip("pages free ") {
                endPart(at: lineStart)
                (part, partStart) = (.zone, lineStart)
                values.free = try cursor.pages(after: "pages free")
            } else if cursor.starts(with: "per-node stats") {
                (part, partStart) = (.node, cursor.end)
            }
        case .zone:
            if cursor.starts(with: "pagesets") { part = .pageSets } else { try values.readZoneLine(&cursor) }
        case .pageSets:
            try values.readPageSetLine(&cursor)
        }
    }

    func nodeStatistics(of text: [UInt8]) -> NodeStatistics? {
        guard let nodeRange, let id else { return nil }
        return NodeStatistics(node: id.node, lines: CounterLines(text: text, range: nodeRange))
    }

    func zone(before cursor: LineCursor) throws(ParseError) -> Zone {
        guard let id else { throw missing("a zone's head", cursor) }
        guard let free = values.free else { throw missing("pages free", cursor) }
        guard let min = values.min else { throw missing("min", cursor) }
        guard let low = values.low else { throw missing("low", cursor) }
        guard let high = values.high else { throw missing("high", cursor) }
        guard let spanned = values.spanned else { throw missing("spanned", cursor) }
        guard let present = values.present else { throw missing("present", cursor) }
        return Zone(
            id: id, free: free,
            watermarks: Watermarks(min: min, low: low, high: high, boost: values.boost, promo: values.promo),
            spanned: spanned, present: present, managed: values.managed, cma: values.cma, freeCMA: values.freeCMA,
            reservedHighatomic: values.reservedHighatomic, freeHighatomic: values.freeHighatomic,
            protection: values.protection, perCPU: values.perCPU, reclaimable: values.reclaimable,
            lines: CounterLines(text: cursor.bytes, range: zoneRange))
    }

    /// The zone that begins at `start` ended without a line that every kernel prints.
    private func missing(_ name: String, _ cursor: LineCursor) -> ParseError {
        let place = id.map { "a line '\(name)' in \($0)" } ?? name
        return ParseError(
            source: Self.source, line: cursor.line, expected: place,
            found: cursor.isAtEnd ? nil : cursor.text(cursor.at..<cursor.end))
    }
}

/// What has been read of a zone so far.
private struct ZoneValues {
    var free: Pages?
    var min: Pages?
    var low: Pages?
    var high: Pages?
    var boost: Pages?
    var promo: Pages?
    var spanned: Pages?
    var present: Pages?
    var managed: Pages?
    var cma: Pages?
    var freeCMA: Pages?
    var reservedHighatomic: Pages?
    var freeHighatomic: Pages?
    var protection: [Pages] = []
    var perCPU = Pages.zero
    var file: Pages?
    var anonymous: Pages?

    var reclaimable: ReclaimableLists? {
        guard let file, let anonymous else { return nil }
        return ReclaimableLists(file: file, anonymous: anonymous)
    }

    mutating func readZoneLine(_ cursor: inout LineCursor) throws(ParseError) {
        switch cursor.peek {
        case UInt8(ascii: "n"): try readCounter(&cursor)
        case UInt8(ascii: "m"):
            if cursor.skip("min ") {
                min = try cursor.pages(after: "min")
            } else if cursor.skip("managed ") {
                managed = try cursor.pages(after: "managed")
            }
        case UInt8(ascii: "l"): if cursor.skip("low ") { low = try cursor.pages(after: "low") }
        case UInt8(ascii: "h"): if cursor.skip("high ") { high = try cursor.pages(after: "high") }
        case UInt8(ascii: "b"): if cursor.skip("boost ") { boost = try cursor.pages(after: "boost") }
        case UInt8(ascii: "s"): if cursor.skip("spanned ") { spanned = try cursor.pages(after: "spanned") }
        case UInt8(ascii: "c"): if cursor.skip("cma ") { cma = try cursor.pages(after: "cma") }
        case UInt8(ascii: "p"): try readPresentPromoOrProtection(&cursor)
        default: break
        }
    }

    private mutating func readPresentPromoOrProtection(_ cursor: inout LineCursor) throws(ParseError) {
        if cursor.skip("present ") {
            present = try cursor.pages(after: "present")
        } else if cursor.skip("promo ") {
            promo = try cursor.pages(after: "promo")
        } else if cursor.skip("protection: (") {
            protection = try cursor.protection()
        }
    }

    /// The zone's own lists are `nr_zone_…` since 4.8; before, they have the names that are per node since.
    private mutating func readCounter(_ cursor: inout LineCursor) throws(ParseError) {
        guard cursor.skip("nr_") else { return }
        if cursor.peek == UInt8(ascii: "f") {
            if cursor.skip("free_cma ") { freeCMA = try cursor.pages(after: "nr_free_cma") }
            return
        }
        _ = cursor.skip("zone_")
        guard cursor.skip("inactive_") || cursor.skip("active_") else { return }
        if cursor.skip("file ") {
            file = (file ?? .zero) + (try cursor.pages(after: "a list of file pages"))
        } else if cursor.skip("anon ") {
            anonymous = (anonymous ?? .zero) + (try cursor.pages(after: "a list of anonymous pages"))
        }
    }

    /// Lines of the CPUs' lists, and those that follow them.
    mutating func readPageSetLine(_ cursor: inout LineCursor) throws(ParseError) {
        switch cursor.peek {
        case UInt8(ascii: "c"): if cursor.skip("count:") { perCPU += try cursor.pages(after: "count:") }
        case UInt8(ascii: "p"): if cursor.skip("protection: (") { protection = try cursor.protection() }
        case UInt8(ascii: "r"):
            if cursor.skip("reserved_highatomic:") { reservedHighatomic = try cursor.pages(after: "reserved_highatomic:") }
        case UInt8(ascii: "f"):
            if cursor.skip("free_highatomic:") { freeHighatomic = try cursor.pages(after: "free_highatomic:") }
        default: break
        }
    }
}

extension LineCursor {
    fileprivate mutating func pages(after name: StaticString) throws(ParseError) -> Pages {
        guard let count = number() else { throw error(in: ZoneBlock.source, expected: "a page count after '\(name)'") }
        return Pages(count)
    }

    /// The numbers in `(0, 3019, 4043, 4043, 4043)`, the bracket already read.
    fileprivate mutating func protection() throws(ParseError) -> [Pages] {
        var result: [Pages] = []
        result.reserveCapacity(ZoneType.count)
        repeat { result.append(try pages(after: "protection")) } while skip(byte: UInt8(ascii: ","))
        guard skip(byte: UInt8(ascii: ")")) else { throw error(in: ZoneBlock.source, expected: "')' after the protection") }
        return result
    }
}
