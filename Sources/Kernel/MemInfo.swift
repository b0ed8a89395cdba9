/// /proc/meminfo: how much memory of what kind there is.
///
/// Kernel: fs/proc/meminfo.c, `meminfo_proc_show()`. Its `kB` are KiB.
public struct MemInfo: Sendable {
    public let total: Bytes
    public let free: Bytes
    /// Since 3.14.
    public let available: Bytes?
    public let swapTotal: Bytes
    public let swapFree: Bytes
    /// File pages that processes have mapped; since 2.5.
    public let mapped: Bytes?
    /// Only where the kernel has HighMem (32-bit): the memory that it can address itself, and the rest.
    public let low: Amount?
    public let high: Amount?

    /// A size and what is free of it.
    public struct Amount: Hashable, Sendable {
        public let total: Bytes
        public let free: Bytes

        public init(total: Bytes, free: Bytes) {
            self.total = total
            self.free = free
        }
    }

    /// Reads the text of /proc/meminfo.
    ///
    ///     LowFree:           58988 kB
    ///
    /// - Throws: where a number is malformed, or a line that every kernel prints is missing.
    public init(parsing text: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(text)
        var lines = Lines()
        while cursor.nextLine() { try lines.read(&cursor) }
        total = try cursor.require(lines.total, "MemTotal:")
        free = try cursor.require(lines.free, "MemFree:")
        available = lines.available
        swapTotal = try cursor.require(lines.swapTotal, "SwapTotal:")
        swapFree = try cursor.require(lines.swapFree, "SwapFree:")
        mapped = lines.mapped
        low = Amount(lines.lowTotal, lines.lowFree)
        high = Amount(lines.highTotal, lines.highFree)
    }

    fileprivate static let source = "meminfo"
}

extension MemInfo.Amount {
    fileprivate init?(_ total: Bytes?, _ free: Bytes?) {
        guard let total, let free else { return nil }
        self.init(total: total, free: free)
    }
}

private struct Lines {
    var total: Bytes?
    var free: Bytes?
    var available: Bytes?
    var mapped: Bytes?
    var swapTotal: Bytes?
    var swapFree: Bytes?
    var lowTotal: Bytes?
    var lowFree: Bytes?
    var highTotal: Bytes?
    var highFree: Bytes?

    /// Looks at the first letter first: most lines are not wanted.
    mutating func read(_ cursor: inout LineCursor) throws(ParseError) {
        switch cursor.peek {
        case UInt8(ascii: "M"):
            try cursor.read("MemTotal:", into: &total)
            try cursor.read("MemFree:", into: &free)
            try cursor.read("MemAvailable:", into: &available)
            try cursor.read("Mapped:", into: &mapped)
        case UInt8(ascii: "S"):
            try cursor.read("SwapTotal:", into: &swapTotal)
            try cursor.read("SwapFree:", into: &swapFree)
        case UInt8(ascii: "L"):
            try cursor.read("LowTotal:", into: &lowTotal)
            try cursor.read("LowFree:", into: &lowFree)
        case UInt8(ascii: "H"):
            try cursor.read("HighTotal:", into: &highTotal)
            try cursor.read("HighFree:", into: &highFree)
        default: break
        }
    }
}

extension LineCursor {
    fileprivate mutating func read(_ name: StaticString, into value: inout Bytes?) throws(ParseError) {
        guard skip(name) else { return }
        guard let count = number() else { throw error(in: MemInfo.source, expected: "a number of kB after '\(name)'") }
        value = Bytes(kibibytes: count)
    }

    fileprivate func require(_ value: Bytes?, _ name: StaticString) throws(ParseError) -> Bytes {
        guard let value else { throw ParseError(source: MemInfo.source, line: line, expected: "a line '\(name)'", found: nil) }
        return value
    }
}
