public import Kernel

/// A stretch of one boot for which the kernel's log was read without a gap.
public struct CoveredSpan: Hashable, Sendable {
    public let bootID: String
    /// The first and the last record that were read.
    public var sequences: ClosedRange<UInt64>
    public var kernelTime: ClosedRange<TimeSinceBoot>
    /// The same by the wall clock. The end is when the log was last looked at, with a record in it or none.
    public var time: ClosedRange<Timestamp>

    public init(
        bootID: String, sequences: ClosedRange<UInt64>, kernelTime: ClosedRange<TimeSinceBoot>, time: ClosedRange<Timestamp>
    ) {
        self.bootID = bootID
        self.sequences = sequences
        self.kernelTime = kernelTime
        self.time = time
    }
}

extension CoveredSpan {
    /// One span where nothing is missing between the two: the second begins at, or before, the record after the first's last.
    public func joined(with later: CoveredSpan) -> CoveredSpan? {
        guard bootID == later.bootID else { return nil }
        let (first, second) = sequences.lowerBound <= later.sequences.lowerBound ? (self, later) : (later, self)
        guard second.sequences.lowerBound <= first.sequences.upperBound &+ 1 || first.sequences.upperBound == .max else {
            return nil
        }
        var span = first
        span.sequences = first.sequences.lowerBound...max(first.sequences.upperBound, second.sequences.upperBound)
        span.kernelTime = first.kernelTime.hull(second.kernelTime)
        span.time = first.time.hull(second.time)
        return span
    }

    /// The parts of `wanted` that none of the spans covers, in order.
    public static func gaps(in wanted: ClosedRange<Timestamp>, leftBy spans: [CoveredSpan]) -> [ClosedRange<Timestamp>] {
        var gaps: [ClosedRange<Timestamp>] = []
        var covered = wanted.lowerBound
        for span in spans.map(\.time).sorted(by: { $0.lowerBound < $1.lowerBound }) where span.upperBound >= covered {
            guard span.lowerBound <= wanted.upperBound else { break }
            if span.lowerBound > covered { gaps.append(covered...span.lowerBound) }
            covered = max(covered, span.upperBound)
            if covered >= wanted.upperBound { return gaps }
        }
        gaps.append(covered...wanted.upperBound)
        return gaps
    }
}

extension ClosedRange {
    fileprivate func hull(_ other: Self) -> Self {
        Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
    }
}

extension EventStore {
    /// Adds a span, or makes the one longer that it continues.
    public func cover(_ span: CoveredSpan) throws(StoreError) {
        try write { (database) throws(StoreError) in
            var whole = span
            for known in try database.spans("boot_id = ?", [.text(span.bootID)]) {
                guard let joined = known.joined(with: whole) else { continue }
                whole = joined
                try database.run(
                    "DELETE FROM coverage WHERE boot_id = ? AND first_sequence = ?",
                    [.text(known.bootID), .integer(Int(clamping: known.sequences.lowerBound))])
            }
            try database.run("INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?)", whole.values)
        }
    }

    /// Those that touch the time, in its order.
    public func coverage(touching time: ClosedRange<Timestamp>) throws(StoreError) -> [CoveredSpan] {
        try read { (database) throws(StoreError) in
            try database.spans(
                "from_time <= ? AND until_time >= ? ORDER BY from_time",
                [.integer(time.upperBound.unixNanoseconds), .integer(time.lowerBound.unixNanoseconds)])
        }
    }

    public func coverage(ofBoot bootID: String) throws(StoreError) -> [CoveredSpan] {
        try read { (database) throws(StoreError) in
            try database.spans("boot_id = ? ORDER BY first_sequence", [.text(bootID)])
        }
    }
}

extension Database {
    fileprivate func spans(_ condition: String, _ values: [SQLValue]) throws(StoreError) -> [CoveredSpan] {
        try rows(
            """
            SELECT boot_id, first_sequence, last_sequence, from_kernel_time, until_kernel_time, from_time, until_time
            FROM coverage WHERE \(condition)
            """, values
        ) { row throws(StoreError) in
            let sequences = try row.range(1)
            let kernelTime = try row.range(3)
            let time = try row.range(5)
            return CoveredSpan(
                bootID: try row.text(0),
                sequences: UInt64(clamping: sequences.lowerBound)...UInt64(clamping: sequences.upperBound),
                kernelTime: TimeSinceBoot(
                    microseconds: kernelTime.lowerBound)...TimeSinceBoot(microseconds: kernelTime.upperBound),
                time: Timestamp(unixNanoseconds: time.lowerBound)...Timestamp(unixNanoseconds: time.upperBound))
        }
    }
}

extension Row {
    /// Of two columns. The clock may have been set back while a span was read: its end is then before its beginning.
    fileprivate func range(_ first: Int32) throws(StoreError) -> ClosedRange<Int> {
        let (a, b) = (try integer(first), try integer(first + 1))
        return min(a, b)...max(a, b)
    }
}

extension CoveredSpan {
    fileprivate var values: [SQLValue] {
        [
            .text(bootID), .integer(Int(clamping: sequences.lowerBound)), .integer(Int(clamping: sequences.upperBound)),
            .integer(kernelTime.lowerBound.microseconds), .integer(kernelTime.upperBound.microseconds),
            .integer(time.lowerBound.unixNanoseconds), .integer(time.upperBound.unixNanoseconds),
        ]
    }
}
