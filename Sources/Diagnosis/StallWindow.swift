import Kernel

/// The last ten seconds of the numbers that a stall is known by. Nothing is allocated to add one.
struct StallWindow: Sendable {
    private var readings = [Reading?](repeating: nil, count: 32)
    private var next = 0

    /// One sample's share of it; what the kernel does not count is nil.
    struct Reading: Sendable {
        let time: Nanoseconds
        let some: Int?
        let full: Int?
        let fileRefaults: Int?
        let anonRefaults: Int?
        let stalls: Int?
        let scanned: Int?
        let cached: Bytes
        let anonymous: Bytes

        init(_ row: SampleRow, at time: Nanoseconds) {
            self.time = time
            some = row[.pressureSome]
            full = row[.pressureFull]
            fileRefaults = row[.fileRefaults]
            anonRefaults = row[.anonRefaults]
            stalls = row[.allocationStalls]
            scanned = row[.scannedByKswapd].map { $0 &+ (row[.scannedDirectly] ?? 0) }
            cached = Bytes(kibibytes: row[.cached] ?? Int.max)
            anonymous = Bytes(kibibytes: row[.anonPages] ?? Int.max)
        }
    }

    /// How fast what went over the window.
    struct Rates {
        var severity = Stall.Severity()
        var someHundredths: Int?
        /// The machine itself scans for pages to drop, and not just one or two.
        var isReclaiming = false
        /// At this rate all that is cached, or all that is anonymous, is read back within half a minute.
        var isThrashing = false
    }

    private static let span = 10_000_000_000
    /// Between two readings that far apart the machine slept, or did worse.
    private static let gap = 60_000_000_000
    private static let least = Bytes(kibibytes: 1 << 10)

    /// - Returns: nil until there is a reading that is old enough to compare with.
    mutating func add(_ reading: Reading, _ pageSize: PageSize) -> Rates? {
        if let last = readings[(next &+ readings.count &- 1) % readings.count],
            reading.time.count - last.time.count > Self.gap || reading.time <= last.time
        {
            for index in readings.indices { readings[index] = nil }
        }
        defer {
            readings[next] = reading
            next = (next + 1) % readings.count
        }
        var base: Reading?
        for case let old? in readings where reading.time.count - old.time.count >= Self.span {
            if base.map({ $0.time < old.time }) ?? true { base = old }
        }
        return base.map { rates(from: $0, to: reading, pageSize) }
    }

    private func rates(from old: Reading, to new: Reading, _ pageSize: PageSize) -> Rates {
        let span = Nanoseconds(new.time.count - old.time.count)
        var rates = Rates()
        let file = rate(old.fileRefaults, new.fileRefaults, span, pageSize)
        let anon = rate(old.anonRefaults, new.anonRefaults, span, pageSize)
        rates.severity.refaultedPerSecond = file + anon
        rates.severity.allocationStallsPerSecond = perSecond(growth(old.stalls, new.stalls), span)
        if let now = new.full, let then = old.full { rates.severity.fullHundredths = share(now &- then, of: span) }
        if let now = new.some, let then = old.some { rates.someHundredths = share(now &- then, of: span) }
        rates.isReclaiming = rate(old.scanned, new.scanned, span, pageSize) >= Self.least
        rates.isThrashing = isTurnedOver(file, new.cached) || isTurnedOver(anon, new.anonymous)
        return rates
    }

    private func isTurnedOver(_ perSecond: Bytes, _ whole: Bytes) -> Bool {
        perSecond >= Self.least && perSecond.count >= whole.count / 30
    }

    private func rate(_ old: Int?, _ new: Int?, _ span: Nanoseconds, _ pageSize: PageSize) -> Bytes {
        Bytes(Pages(perSecond(growth(old, new), span)), of: pageSize)
    }

    private func growth(_ old: Int?, _ new: Int?) -> Int {
        guard let old, let new else { return 0 }
        return max(new &- old, 0)
    }
}
