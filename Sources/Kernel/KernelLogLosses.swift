/// What was printed and never read.
public struct KernelLogLosses: Hashable, Sendable {
    /// Records that are missing in the sequence.
    public var records: UInt64 = 0
    /// How often the ring overtook the reader (EPIPE).
    public var overruns: UInt64 = 0
    /// Records that no buffer held (EINVAL); they are among `records` as well.
    public var oversized: UInt64 = 0

    public init() {}

    public static func + (a: Self, b: Self) -> Self {
        var sum = a
        sum.records.saturatingAdd(b.records)
        sum.overruns.saturatingAdd(b.overruns)
        sum.oversized.saturatingAdd(b.oversized)
        return sum
    }

    /// Notes that `count` records are missing. A file may claim more than can be counted.
    public mutating func lose(_ count: UInt64) { records.saturatingAdd(count) }
}

extension UInt64 {
    fileprivate mutating func saturatingAdd(_ other: UInt64) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? .max : sum
    }
}
