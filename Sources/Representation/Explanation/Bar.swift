import Kernel

/// A row of cells that shows amounts against each other.
struct Bar {
    let cells: [Character]

    /// What a zone has: the part that must stay (min, protection, blocks of others), the mark up to which it must, and behind
    /// it what the request could use. The mark is at four fifths where the zone has less than it needs.
    init(of need: ZoneNeed, width: Int, glyphs: Glyphs) {
        let free = max(need.free.count, 0)
        let needed = max(need.total.count, 0)
        let scale = max(free, needed.multipliedReportingOverflow(by: 5).overflow ? needed : needed * 5 / 4, 1)
        func cell(_ amount: Int) -> Int { Self.cell(amount, of: scale, width) }
        var cells = [Character](repeating: " ", count: width)
        let end = cell(free)
        let keptByMin = cell(min(free, max(need.min.count, 0)))
        for index in 0..<end { cells[index] = index < keptByMin ? glyphs.belowMin : glyphs.protected }
        let mark = min(cell(needed), width - 1)
        if free > needed, mark < end { for index in mark..<end { cells[index] = glyphs.usable } }
        cells[mark] = glyphs.mark
        self.cells = cells
    }

    /// A part of a whole.
    init(_ part: Bytes, of whole: Bytes, width: Int, glyphs: Glyphs) {
        let filled = Self.cell(max(part.count, 0), of: max(whole.count, 1), width)
        cells = (0..<width).map { $0 < filled ? glyphs.usable : " " }
    }

    var text: String { String(cells) }

    /// Something is never shown as nothing.
    private static func cell(_ amount: Int, of scale: Int, _ width: Int) -> Int {
        guard amount > 0 else { return 0 }
        guard amount < scale else { return width }
        return min(max(Int(Double(amount) / Double(scale) * Double(width)), 1), width)
    }
}

/// What a zone must keep from a request, and what it has.
struct ZoneNeed {
    let free: Bytes
    let min: Bytes
    let protection: Bytes
    /// CMA and highatomic blocks that the request may not take.
    let others: Bytes

    var total: Bytes { min + protection + others }
    /// Not more than zero where the request fails.
    var left: Bytes { free - total }
}
