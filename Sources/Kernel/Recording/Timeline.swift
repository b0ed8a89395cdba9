/// The time around an event: second by second just before and after it, and coarsely the day before.
public struct Timeline: Hashable, Sendable {
    public let fine: Recording
    public let coarse: Recording

    public init(fine: Recording, coarse: Recording) {
        self.fine = fine
        self.coarse = coarse
    }

    /// How much of the past a kill is kept with, and how much of what comes then.
    public static let before = Nanoseconds(60_000_000_000)
    public static let after = Nanoseconds(10_000_000_000)
    public static let dayBefore = Nanoseconds(86_400_000_000_000)
    /// A day in so many steps.
    public static let coarseStep = Nanoseconds(600_000_000_000)

    private static let version: UInt8 = 1
    private static let blocks = 32

    /// As bytes that outlive this version. Made of whole readings, so a reading that no block can hold is left out.
    public var encoded: [UInt8] {
        [fine, coarse].reduce(into: [Self.version]) { bytes, recording in
            let image = recording.encoded(blocks: Self.blocks)
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: image.count >> (8 * $0)) } + image
        }
    }

    /// - Returns: nil where the bytes are no timeline of a version that is known.
    public init?(decoding bytes: [UInt8]) {
        guard bytes.first == Self.version else { return nil }
        var rest = bytes.dropFirst()
        var parts: [Recording] = []
        for _ in 0..<2 {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= count else { return nil }
            parts.append(Recording(decoding: Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        self.init(fine: parts[0], coarse: parts[1])
    }
}

extension Recording {
    fileprivate init(decoding image: [UInt8]) {
        let always = (Timestamp(unixNanoseconds: Int.min), Timestamp(unixNanoseconds: Int.max))
        var all = Recording(from: always.0, to: always.1)
        for block in RecordBlock.all(in: image) { block.read(into: &all) }
        let times = all.samples.map(\.time.wall)
        self.init(from: times.min() ?? always.0, to: times.max() ?? always.0)
        (samples, processes, cgroups, margins) = (all.samples, all.processes, all.cgroups, all.margins)
    }

    /// One kind after the other: times of one kind never go back, so few blocks are begun.
    fileprivate func encoded(blocks: Int) -> [UInt8] {
        var image: [UInt8] = []
        for (boot, samples) in samples.runs(of: \.boot) {
            var ring = RecordRing(blocks: blocks, boot: boot)
            for sample in samples { ring.append(SampleRow(sample), at: sample.time) }
            image += ring.image
        }
        var ring = RecordRing(blocks: blocks, boot: samples.last?.boot ?? 0)
        for scan in processes { ring.append(scan) }
        for scan in cgroups { ring.append(scan) }
        for reading in margins { ring.append(reading) }
        return image + ring.image
    }
}

extension Array {
    /// Neighbours that have the same key, together.
    fileprivate func runs<Key: Equatable>(of key: KeyPath<Element, Key>) -> [(Key, ArraySlice<Element>)] {
        var runs: [(Key, ArraySlice<Element>)] = []
        var start = startIndex
        for index in indices where index + 1 == endIndex || self[index + 1][keyPath: key] != self[start][keyPath: key] {
            runs.append((self[start][keyPath: key], self[start...index]))
            start = index + 1
        }
        return runs
    }
}
