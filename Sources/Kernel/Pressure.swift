/// /proc/pressure/memory: for how long tasks had to wait for memory.
///
/// Kernel: kernel/sched/psi.c, `psi_show()`; since 4.20, absent where PSI is switched off.
public struct Pressure: Hashable, Sendable {
    /// At least one task waited.
    public let some: Share
    /// All tasks that wanted to run waited.
    public let full: Share

    public struct Share: Hashable, Sendable {
        /// Per cent of the last 10, 60 and 300 seconds, in hundredths as the kernel prints them.
        public let averages: [Hundredths]
        /// Since the start of the machine.
        public let totalMicroseconds: Int
    }

    /// A per cent value with two digits, kept exact.
    public struct Hundredths: Hashable, Sendable {
        public let count: Int
    }

    /// Reads the text of /proc/pressure/memory.
    ///
    ///     some avg10=0.00 avg60=0.00 avg300=0.00 total=0
    ///
    /// - Throws: where one of the two lines or a value of them is missing.
    public init(parsing text: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(text)
        var some: Share?
        var full: Share?
        while cursor.nextLine() {
            if cursor.skip("some ") {
                some = try Share(parsing: &cursor)
            } else if cursor.skip("full ") {
                full = try Share(parsing: &cursor)
            }
        }
        guard let some else { throw cursor.error(in: Self.source, expected: "a line 'some'") }
        guard let full else { throw cursor.error(in: Self.source, expected: "a line 'full'") }
        self.some = some
        self.full = full
    }

    fileprivate static let source = "pressure/memory"
}

extension Pressure.Share {
    fileprivate init(parsing cursor: inout LineCursor) throws(ParseError) {
        averages = [
            try cursor.hundredths(after: "avg10="), try cursor.hundredths(after: "avg60="),
            try cursor.hundredths(after: "avg300="),
        ]
        cursor.skipBlanks()
        guard cursor.skip("total="), let total = cursor.number() else {
            throw cursor.error(in: Pressure.source, expected: "'total=' and microseconds")
        }
        totalMicroseconds = total
    }
}

extension LineCursor {
    fileprivate mutating func hundredths(after name: StaticString) throws(ParseError) -> Pressure.Hundredths {
        skipBlanks()
        guard skip(name), let whole = number(), skip(byte: UInt8(ascii: ".")), let part = number(), whole < 1000, part < 100
        else {
            throw error(in: Pressure.source, expected: "'\(name)' and a per cent value such as 0.00")
        }
        return Pressure.Hundredths(count: whole * 100 + part)
    }
}
