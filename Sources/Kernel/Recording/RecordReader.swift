/// Reads what `RecordWriter` wrote, from bytes that may be anything.
struct RecordReader {
    private let bytes: ArraySlice<UInt8>
    private(set) var at: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    private var isAtEnd: Bool { at >= bytes.endIndex }

    mutating func byte() -> UInt8? {
        guard at < bytes.endIndex else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    mutating func word() -> UInt64? {
        guard bytes.endIndex - at >= 8 else { return nil }
        defer { at += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
    }

    mutating func length() -> Int? {
        guard let low = byte(), let high = byte() else { return nil }
        return Int(low) | Int(high) << 8
    }

    /// The next bytes as a reader of their own.
    mutating func part(_ count: Int) -> RecordReader? {
        guard bytes.endIndex - at >= count else { return nil }
        defer { at += count }
        return RecordReader(bytes[at..<at + count])
    }

    mutating func unsigned() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let next = byte() {
            guard shift < 64 else { return nil }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    mutating func signed() -> Int? {
        guard let value = unsigned() else { return nil }
        return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
    }

    mutating func text() -> [UInt8]? {
        guard let count = unsigned(), count <= UInt64(bytes.endIndex - at) else { return nil }
        defer { at += Int(count) }
        return Array(bytes[at..<at + Int(count)])
    }
}

extension RecordReader {
    mutating func layout() -> SampleLayout? {
        guard let counters = unsigned(), counters <= 1_000, let orders = unsigned(), orders <= 32, let count = unsigned(),
            count <= 1_000
        else { return nil }
        var zones: [ZoneID] = []
        for _ in 0..<count {
            guard let zone = zone() else { return nil }
            zones.append(zone)
        }
        return SampleLayout(zones: zones, orders: Int(orders), counters: Int(counters))
    }

    private mutating func zone() -> ZoneID? {
        guard let node = unsigned(), let name = text() else { return nil }
        return ZoneID(node: Int(clamping: node), name: String(decoding: name, as: UTF8.self))
    }

    /// Adds the differences of one sample. False where they are not as many as there are columns.
    mutating func addSample(to values: inout [Int]) -> Bool {
        var column = 0
        while column < values.count {
            guard let difference = signed() else { return false }
            if difference == 0 {
                guard let more = unsigned(), more < UInt64(values.count - column) else { return false }
                column += Int(more) + 1
            } else {
                values[column] &+= difference
                column += 1
            }
        }
        return isAtEnd
    }

    mutating func processes(_ time: RecordedTime) -> ProcessScan? {
        guard let total = unsigned() else { return nil }
        var processes: [RecordedProcess] = []
        while let process = process() { processes.append(process) }
        return ProcessScan(time: time, total: Int(clamping: total), processes: processes)
    }

    private mutating func process() -> RecordedProcess? {
        guard let number = signed(), let name = text(), let adjustment = signed(), let resident = signed(),
            let swapped = signed(), let growth = signed(), let since = signed()
        else { return nil }
        let (age, overflow) = since.multipliedReportingOverflow(by: 1_000_000)
        return RecordedProcess(
            ProcessID(Int32(clamping: number)), CommandName(name), adjustment: adjustment,
            size: (Bytes(kibibytes: resident), Bytes(kibibytes: swapped)),
            growth: (Bytes(kibibytes: growth), Nanoseconds(overflow ? 0 : age)))
    }

    mutating func cgroups(_ time: RecordedTime) -> CgroupScan {
        var groups: [RecordedCgroup] = []
        while let group = cgroup(after: groups.last) { groups.append(group) }
        return CgroupScan(time: time, groups: groups)
    }

    private mutating func cgroup(after last: RecordedCgroup?) -> RecordedCgroup? {
        let before = last?.path.bytes ?? []
        guard let shared = unsigned(), shared <= UInt64(before.count), let rest = text(), let usage = signed(),
            let maximum = signed(), let high = signed(), let highEvents = signed(), let maximumEvents = signed(),
            let oomKills = signed(), let pressure = signed(), let flags = byte()
        else { return nil }
        var group = RecordedCgroup(path: CgroupPath(before.prefix(Int(shared)) + rest))
        group.usage = Bytes(kibibytes: usage)
        group.maximum = maximum < 0 ? nil : Bytes(kibibytes: maximum)
        group.high = high < 0 ? nil : Bytes(kibibytes: high)
        (group.highEvents, group.maximumEvents, group.oomKills) = (highEvents, maximumEvents, oomKills)
        group.pressureFullMicroseconds = pressure < 0 ? nil : pressure
        (group.killsAll, group.isUnderOOM) = (flags & 1 != 0, flags & 2 != 0)
        return group
    }

    mutating func margins(_ time: RecordedTime) -> MarginReading {
        var zones: [MarginReading.Margin] = []
        while let zone = zone(), let free = signed(), let min = signed(), let low = signed(), let high = signed() {
            zones.append(
                MarginReading.Margin(
                    zone: zone, free: Pages(free), watermarks: Watermarks(min: Pages(min), low: Pages(low), high: Pages(high))))
        }
        return MarginReading(time: time, zones: zones)
    }
}
