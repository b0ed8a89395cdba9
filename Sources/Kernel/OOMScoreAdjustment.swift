/// How much likelier, in thousandths of all memory, a process is to be killed than its size alone says: −1000…1000.
///
/// Kernel: fs/proc/base.c, `oom_score_adj_write()`; since 2.6.36. Before it, and beside it until today, /proc/<pid>/oom_adj
/// has −17…15 on a scale of its own.
public struct OOMScoreAdjustment: Hashable, Sendable {
    public let rawValue: Int

    /// Nil outside −1000…1000.
    public init?(_ value: Int) {
        guard Self.range.contains(value) else { return nil }
        rawValue = value
    }

    private init(known value: Int) { rawValue = value }

    public static let range = -1000...1000
    public static let neutral = OOMScoreAdjustment(known: 0)
    /// Never chosen, whatever its size.
    public static let exempt = OOMScoreAdjustment(known: -1000)
}

extension OOMScoreAdjustment: Comparable {
    public static func < (a: OOMScoreAdjustment, b: OOMScoreAdjustment) -> Bool { a.rawValue < b.rawValue }
}

extension OOMScoreAdjustment: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension OOMScoreAdjustment {
    /// The text of /proc/<pid>/oom_score_adj.
    ///
    ///     -1000
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(bytes)
        guard cursor.nextLine(), let value = cursor.signedNumber(), cursor.isAtEnd, Self.range.contains(value) else {
            cursor.at = 0
            throw cursor.error(in: "oom_score_adj", expected: "a number from -1000 to 1000")
        }
        self.init(known: value)
    }
}

// The legacy scale.
extension OOMScoreAdjustment {
    public static let legacyRange = -17...15

    /// What the kernel makes of a number written to oom_adj: 15 is 1000, others × 1000 / 17, towards zero. Nil outside −17…15.
    public init?(oomAdj: Int) {
        guard Self.legacyRange.contains(oomAdj) else { return nil }
        self.init(known: oomAdj == Self.legacyRange.upperBound ? Self.range.upperBound : oomAdj * 1000 / 17)
    }

    /// The text of /proc/<pid>/oom_adj, where the kernel has no other.
    ///
    ///     -17
    public init(parsingOOMAdj bytes: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(bytes)
        guard cursor.nextLine(), let value = cursor.signedNumber(), cursor.isAtEnd, let adjustment = Self(oomAdj: value) else {
            cursor.at = 0
            throw cursor.error(in: "oom_adj", expected: "a number from -17 to 15")
        }
        self = adjustment
    }

    /// What is to be written to oom_adj so that it reads back as this or as the nearest that is on its scale.
    /// Only −1000 becomes −17 and only 1000 becomes 15: nothing is exempt by rounding.
    public var oomAdj: Int {
        if self == .exempt { return Self.legacyRange.lowerBound }
        if rawValue == Self.range.upperBound { return Self.legacyRange.upperBound }
        let half = rawValue < 0 ? -500 : 500
        return min(max((rawValue * 17 + half) / 1000, -16), 14)
    }

    /// What a kernel shows in oom_adj for a value that is kept on the new scale; a number written there may read back one less.
    ///
    /// - Returns: nil for 2.6.36 to 3.6, which keep both values, and 16 for 942…999 before 5.10.
    public func shownAsOOMAdj(by kernel: KernelVersion) -> Int? {
        guard kernel >= KernelVersion(3, 8) else { return nil }
        if rawValue == Self.range.upperBound { return Self.legacyRange.upperBound }
        let shown = rawValue * 17 / 1000
        return kernel >= KernelVersion(5, 10) ? min(shown, Self.legacyRange.upperBound) : shown
    }
}
