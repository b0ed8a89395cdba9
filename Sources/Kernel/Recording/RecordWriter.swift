/// Writes frames into the blocks of a ring. What does not fit is noticed at the end of its frame, and taken back.
///
/// It owns its memory: a page of it that nothing was written to yet costs the machine none.
struct RecordWriter: ~Copyable {
    let bytes: UnsafeMutableRawBufferPointer
    private var block = 0..<0
    private var at = 0
    /// Where the frame begins that is being written, and what it holds.
    private var frame = 0
    private var body = 0
    private var isFull = true
    /// The last sample of the block; zeros at its start.
    private var previous: [Int] = []

    init(count: Int) { bytes = .allocate(byteCount: count, alignment: 1 << 12) }

    deinit { bytes.deallocate() }

    mutating func open(_ range: Range<Int>, _ head: RecordBlock.Head, _ layout: SampleLayout) {
        block = range
        at = range.lowerBound + RecordBlock.headSize
        isFull = false
        if previous.count != layout.columns { previous = [Int](repeating: 0, count: layout.columns) }
        for index in previous.indices { previous[index] = 0 }
        write(layout)
        put(word: RecordBlock.magic, at: block.lowerBound)
        put(sequence: head.sequence, at: block.lowerBound)
        put(word: head.boot, at: block.lowerBound + 24)
        put(word: UInt64(bitPattern: Int64(head.base.sinceBoot.count)), at: block.lowerBound + 32)
        put(word: UInt64(bitPattern: Int64(head.base.wall.unixNanoseconds)), at: block.lowerBound + 40)
        commit()
    }

    mutating func beginFrame(_ kind: RecordKind, milliseconds: Int) {
        frame = at
        isFull = false
        write(byte: kind.rawValue)
        write(unsigned: UInt64(max(milliseconds, 0)))
        write(byte: 0)
        write(byte: 0)
        body = at
    }

    /// False where it did not fit; then it is not there.
    mutating func endFrame() -> Bool {
        let length = at - body
        guard !isFull, length <= UInt16.max else {
            at = frame
            isFull = false
            return false
        }
        bytes[body - 2] = UInt8(truncatingIfNeeded: length)
        bytes[body - 1] = UInt8(truncatingIfNeeded: length >> 8)
        commit()
        return true
    }

    mutating func remember(_ values: [Int]) {
        for index in previous.indices where index < values.count { previous[index] = values[index] }
    }

    mutating func put(_ some: some Sequence<UInt8>, at start: Int) {
        var index = start
        for byte in some {
            bytes[index] = byte
            index += 1
        }
    }

    mutating func put(sequence: UInt64, at block: Int) { put(word: sequence, at: block + 16) }

    func word(at start: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
    }

    private mutating func put(word: UInt64, at start: Int) {
        for index in 0..<8 { bytes[start + index] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(index))) }
    }

    private mutating func commit() { put(word: UInt64(at - block.lowerBound), at: block.lowerBound + 8) }
}

extension RecordWriter {
    mutating func write(byte: UInt8) {
        guard at < block.upperBound else {
            isFull = true
            return
        }
        bytes[at] = byte
        at += 1
    }

    /// Seven bits a byte, the lowest first.
    mutating func write(unsigned value: UInt64) {
        var rest = value
        while rest > 0x7f {
            write(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(byte: UInt8(rest))
    }

    /// Small whatever the sign: 0, -1, 1, -2, … become 0, 1, 2, 3, …
    mutating func write(_ value: Int) { write(unsigned: UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))) }

    mutating func write(_ text: [UInt8]) {
        write(unsigned: UInt64(text.count))
        for byte in text { write(byte: byte) }
    }

    /// The differences to the sample before; a zero is followed by how many more there are.
    mutating func write(_ values: [Int]) {
        var zeros = 0
        for index in values.indices where index < previous.count {
            let difference = values[index] &- previous[index]
            guard difference != 0 else {
                zeros += 1
                continue
            }
            write(zeros: &zeros)
            write(difference)
        }
        write(zeros: &zeros)
    }

    private mutating func write(zeros: inout Int) {
        guard zeros > 0 else { return }
        write(byte: 0)
        write(unsigned: UInt64(zeros - 1))
        zeros = 0
    }

    mutating func write(_ layout: SampleLayout) {
        write(unsigned: UInt64(layout.counters))
        write(unsigned: UInt64(layout.orders))
        write(unsigned: UInt64(layout.zones.count))
        for zone in layout.zones { write(zone) }
    }

    private mutating func write(_ zone: ZoneID) {
        write(unsigned: UInt64(max(zone.node, 0)))
        write(Array(zone.name.utf8))
    }
}

extension RecordWriter {
    mutating func write(_ scan: ProcessScan) {
        write(unsigned: UInt64(max(scan.total, 0)))
        for process in scan.processes {
            write(Int(process.process.rawValue))
            write(process.name.bytes)
            write(process.adjustment)
            write(process.resident.kibibytes)
            write(process.swapped.kibibytes)
            write(process.growth.kibibytes)
            write(process.since.count / 1_000_000)
        }
    }

    mutating func write(_ scan: CgroupScan) {
        var before: [UInt8] = []
        for group in scan.groups {
            let shared = zip(before, group.path.bytes).prefix { $0 == $1 }.count
            write(unsigned: UInt64(shared))
            write(Array(group.path.bytes.dropFirst(shared)))
            before = group.path.bytes
            write(group.usage.kibibytes)
            write(group.maximum?.kibibytes ?? -1)
            write(group.high?.kibibytes ?? -1)
            write(group.highEvents)
            write(group.maximumEvents)
            write(group.oomKills)
            write(group.pressureFullMicroseconds ?? -1)
            write(byte: (group.killsAll ? 1 : 0) | (group.isUnderOOM ? 2 : 0))
        }
    }

    mutating func write(_ margins: MarginReading) {
        for margin in margins.zones {
            write(margin.zone)
            write(margin.free.count)
            write(margin.watermarks.min.count)
            write(margin.watermarks.low.count)
            write(margin.watermarks.high.count)
        }
    }
}
