/// The numbers of the sample that is being taken, filled from the kernel's texts without an allocation.
public struct SampleRow: Sendable {
    public private(set) var layout: SampleLayout
    private(set) var values: [Int]
    private var names: [[UInt8]]

    /// What stands for a number that there is not.
    static let absent = Int.min

    public init(layout: SampleLayout = .empty) {
        self.layout = layout
        values = [Int](repeating: Self.absent, count: layout.columns)
        names = layout.zones.map { Array($0.name.utf8) }
    }

    /// The row that a sample was made of.
    init(_ sample: RecordedSample) {
        self.init(layout: sample.layout)
        values = sample.values
    }

    /// The same counters, with room for the blocks of other zones.
    public init(_ row: SampleRow, layout: SampleLayout) {
        self.init(layout: layout)
        for column in 0..<min(row.layout.counters, layout.counters) { values[column] = row.values[column] }
    }

    /// nil where it was not read.
    public subscript(counter: RecordedCounter) -> Int? {
        guard counter.rawValue < layout.counters, values[counter.rawValue] != Self.absent else { return nil }
        return values[counter.rawValue]
    }

    /// Forgets every number: what is not read anew is not known.
    public mutating func clear() { for index in values.indices { values[index] = Self.absent } }

    /// Reads the text of /proc/meminfo. Lines that are not wanted or not understood are passed over.
    ///
    ///     MemAvailable:      46840 kB
    public mutating func read(memInfo text: [UInt8]) {
        var cursor = LineCursor(text)
        while cursor.nextLine() {
            let name = cursor.name(endingWith: UInt8(ascii: ":"))
            if let counter = RecordedCounter.memInfo.counter(named: text[name]), let value = cursor.number() {
                values[counter.rawValue] = value
            }
        }
    }

    /// Reads the text of /proc/vmstat; several lines of one counter are summed.
    ///
    ///     workingset_refault_file 138756
    public mutating func read(vmStat text: [UInt8]) {
        var cursor = LineCursor(text)
        while cursor.nextLine() {
            let name = cursor.name(endingWith: UInt8(ascii: " "))
            guard let counter = RecordedCounter.vmStat.counter(named: text[name]), let value = cursor.number() else { continue }
            let before = values[counter.rawValue]
            values[counter.rawValue] = before == Self.absent ? value : before &+ value
        }
    }

    /// Reads the text of /proc/pressure/memory.
    ///
    ///     full avg10=26.52 avg60=12.39 avg300=3.12 total=9944381
    public mutating func read(memoryPressure text: [UInt8]) {
        var cursor = LineCursor(text)
        while cursor.nextLine() {
            if cursor.skip("some avg10=") {
                readPressure(&cursor, average: .pressureSome10, total: .pressureSome)
            } else if cursor.skip("full avg10=") {
                readPressure(&cursor, average: .pressureFull10, total: .pressureFull)
            }
        }
    }

    /// Reads the text of /proc/pressure/io: who waits for memory often waits for the disk that it is read back from.
    public mutating func read(ioPressure text: [UInt8]) {
        var cursor = LineCursor(text)
        while cursor.nextLine() {
            if cursor.skip("full avg10=") { readPressure(&cursor, average: nil, total: .ioPressureFull) }
        }
    }

    /// Reads the text of /proc/buddyinfo.
    ///
    ///     Node 0, zone    DMA32     88     66     26     15      5      6      2      0      0      0      0
    ///
    /// - Returns: false where the zones are not those of `layout`: then a row for others is needed.
    public mutating func read(buddyInfo text: [UInt8]) -> Bool {
        var cursor = LineCursor(text)
        var zone = 0
        while cursor.nextLine() {
            guard zone < names.count, readZone(zone, &cursor) else { return false }
            zone += 1
        }
        return zone == names.count
    }

    private mutating func readZone(_ zone: Int, _ cursor: inout LineCursor) -> Bool {
        guard cursor.skip("Node "), cursor.number() == layout.zones[zone].node, cursor.skip(", zone") else { return false }
        let name = cursor.word()
        guard cursor.bytes[name].elementsEqual(names[zone]) else { return false }
        for order in 0..<layout.orders {
            guard let blocks = cursor.number() else { return false }
            values[layout.column(ofZone: zone, order: order)] = blocks
        }
        cursor.skipBlanks()
        return cursor.isAtEnd
    }

    private mutating func readPressure(_ cursor: inout LineCursor, average: RecordedCounter?, total: RecordedCounter) {
        if let average, let whole = cursor.number(), cursor.skip(byte: UInt8(ascii: ".")), let part = cursor.number(),
            whole < 1000
        {
            values[average.rawValue] = whole * 100 + min(part, 99)
        }
        while !cursor.isAtEnd, !cursor.starts(with: "total=") { cursor.at += 1 }
        if cursor.skip("total="), let microseconds = cursor.number() { values[total.rawValue] = microseconds }
    }
}

extension LineCursor {
    /// The bytes up to `end`, which is stepped over.
    fileprivate mutating func name(endingWith end: UInt8) -> Range<Int> {
        let start = at
        while let byte = peek, byte != end { at += 1 }
        defer { _ = skip(byte: end) }
        return start..<at
    }
}
