/// A recording of fixed size: when it is full the oldest block of it makes room.
///
/// A block begins with its time and the layout of its samples. The first sample after that is whole, each further one is its
/// difference to the one before: unsigned numbers of 7 bits a byte, zeros counted. Nothing is allocated to add one.
public struct RecordRing: ~Copyable {
    public let blocks: Int
    /// Of this boot: a hash of its id.
    public let boot: UInt64
    /// What found no room even in a block of its own.
    public private(set) var dropped = 0
    private var writer: RecordWriter
    private var current: Current?
    /// How many blocks were begun; also the number of the last one.
    private var sequence: UInt64 = 0

    public static let blockSize = 1 << 14
    /// A clock on the wall that is this far from where it was left has been set.
    private static let clockStep = 500_000_000

    private struct Current {
        let slot: Int
        let base: RecordedTime
        let layout: SampleLayout
        var isEmpty = true
    }

    public init(blocks: Int, boot: UInt64) {
        precondition(blocks > 0, "a ring has at least one block")
        self.blocks = blocks
        self.boot = boot
        writer = RecordWriter(count: blocks * Self.blockSize)
    }

    public mutating func append(_ row: SampleRow, at time: RecordedTime) {
        let wasKept = append(.sample, at: time, layout: row.layout) { writer in writer.write(row.values) }
        if wasKept { writer.remember(row.values) }
    }

    public mutating func append(_ scan: ProcessScan) {
        _ = append(.processes, at: scan.time, layout: nil) { writer in writer.write(scan) }
    }

    public mutating func append(_ scan: CgroupScan) {
        _ = append(.cgroups, at: scan.time, layout: nil) { writer in writer.write(scan) }
    }

    public mutating func append(_ margins: MarginReading) {
        _ = append(.margins, at: margins.time, layout: nil) { writer in writer.write(margins) }
    }

    /// What was recorded from `start` up to and with `end`, by the clock on the wall.
    ///
    /// - Parameter step: of each span of this length on the clock only the first sample is told, and the first of each scan.
    public func recording(from start: Timestamp, to end: Timestamp, step: Nanoseconds = Nanoseconds(0)) -> Recording {
        var recording = Recording(from: start, to: end, step: step)
        for slot in slots {
            guard let block = block(in: slot) else { continue }
            block.read(into: &recording)
        }
        return recording
    }

    /// The block that follows the one of that number, oldest first, as it stands now; for who writes the ring away bit by bit.
    public func copy(after number: UInt64) -> (number: UInt64, bytes: [UInt8])? {
        guard let slot = slots.first(where: { writer.word(at: $0 * Self.blockSize + 16) > number }) else { return nil }
        let start = slot * Self.blockSize
        let used = min(Int(clamping: writer.word(at: start + 8)), Self.blockSize)
        return (writer.word(at: start + 16), Array(writer.bytes[start..<start + used]))
    }

    /// Every block, oldest first, each as long as it is used.
    public var image: [UInt8] {
        var image: [UInt8] = []
        var number: UInt64 = 0
        while let block = copy(after: number) {
            image += block.bytes
            number = block.number
        }
        return image
    }

    /// Takes up an `image` of an earlier run or boot. What is no block ends it.
    public mutating func restore(_ image: [UInt8]) {
        for block in RecordBlock.all(in: image) {
            let slot = nextSlot()
            writer.put(block.bytes.prefix(block.used), at: slot * Self.blockSize)
            writer.put(sequence: sequence, at: slot * Self.blockSize)
        }
        current = nil
    }

    /// How many bytes of an image the block takes that begins here; nil where none does.
    public static func sizeOfBlock(at bytes: ArraySlice<UInt8>) -> Int? { RecordBlock(decoding: bytes)?.used }

    /// Lends the memory to who locks it.
    public func withMemory(_ body: (UnsafeRawBufferPointer) -> Void) { body(UnsafeRawBufferPointer(writer.bytes)) }
}

extension RecordRing {
    /// Oldest first.
    private var slots: [Int] {
        let count = Int(min(sequence, UInt64(blocks)))
        let first = Int(sequence % UInt64(blocks))
        return (0..<count).map { count < blocks ? $0 : (first + $0) % blocks }
    }

    private func block(in slot: Int) -> RecordBlock? {
        RecordBlock(decoding: Array(writer.bytes[slot * Self.blockSize..<(slot + 1) * Self.blockSize])[...])
    }

    private mutating func nextSlot() -> Int {
        defer { sequence += 1 }
        let slot = Int(sequence % UInt64(blocks))
        writer.put(repeatElement(0, count: RecordBlock.headSize), at: slot * Self.blockSize)
        return slot
    }

    private mutating func append(
        _ kind: RecordKind, at time: RecordedTime, layout: SampleLayout?, _ body: (inout RecordWriter) -> Void
    ) -> Bool {
        if !fits(time, layout) { open(at: time, layout: layout ?? current?.layout ?? .empty) }
        while let block = current {
            writer.beginFrame(kind, milliseconds: (time.sinceBoot.count - block.base.sinceBoot.count) / 1_000_000)
            body(&writer)
            if writer.endFrame() {
                current?.isEmpty = false
                return true
            }
            guard !block.isEmpty else { break }
            open(at: time, layout: block.layout)
        }
        dropped += 1
        return false
    }

    private func fits(_ time: RecordedTime, _ layout: SampleLayout?) -> Bool {
        guard let current, layout == nil || layout == current.layout else { return false }
        let elapsed = time.sinceBoot.count - current.base.sinceBoot.count
        let drift = time.wall.unixNanoseconds - current.base.wall.unixNanoseconds - elapsed
        return elapsed >= 0 && drift.magnitude < Self.clockStep
    }

    private mutating func open(at time: RecordedTime, layout: SampleLayout) {
        let slot = nextSlot()
        current = Current(slot: slot, base: time, layout: layout)
        let start = slot * Self.blockSize
        writer.open(start..<start + Self.blockSize, RecordBlock.Head(sequence: sequence, boot: boot, base: time), layout)
    }
}
