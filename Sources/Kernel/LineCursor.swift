/// The one way to walk over the bytes of a kernel text: line by line, word by word, keeping the line's number.
///
/// Nothing here traps, whatever the bytes are: a read past the end of a line finds nothing.
public struct LineCursor {
    public let bytes: [UInt8]
    /// The number of the current line, from 1; 0 before the first `nextLine()`.
    public private(set) var line = 0
    /// Where the next read begins; never past `end`.
    public var at = 0
    /// The end of the current line, its newline excluded.
    public private(set) var end = 0
    private var next = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Steps to the next line. False at the end of the text; a last line without newline is a line.
    public mutating func nextLine() -> Bool {
        guard next < bytes.count else {
            at = bytes.count
            end = bytes.count
            return false
        }
        at = next
        let index = indexOfNewline(from: next)
        end = index
        next = index + 1
        line += 1
        return true
    }

    public var isAtEnd: Bool { at >= end }

    /// The byte to be read next, nil at the end of the line.
    public var peek: UInt8? { at < end ? bytes[at] : nil }

    /// Eight at a time, as far as they are spaces: nearly every line of zoneinfo is indented.
    public mutating func skipBlanks() {
        at = bytes.withUnsafeBytes { bytes in
            var index = at
            while index &+ 8 <= end {
                let others = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ 0x2020_2020_2020_2020
                guard others == 0 else {
                    index &+= others.trailingZeroBitCount / 8
                    break
                }
                index &+= 8
            }
            while index < end, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") { index &+= 1 }
            return index
        }
    }

    /// Steps over `literal` if it stands here.
    @inline(__always)
    public mutating func skip(_ literal: StaticString) -> Bool {
        guard starts(with: literal) else { return false }
        at += literal.utf8CodeUnitCount
        return true
    }

    /// Inlined, so that the compiler sees the literal and compares it with constants.
    @inline(__always)
    public func starts(with literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard end &- at >= count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for offset in 0..<count where bytes[at &+ offset] != literal.utf8Start[offset] { return false }
            return true
        }
    }

    /// Steps over one byte if it stands here.
    public mutating func skip(byte: UInt8) -> Bool {
        guard at < end, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// A decimal number, blanks before it skipped; nil, with nothing read, where there is no digit.
    /// More than `Int` can hold (the kernel's unsigned longs, gone below 0) is read as `Int.max`.
    public mutating func number() -> Int? {
        let start = at
        skipBlanks()
        let first = at
        var value: UInt64 = 0
        at = bytes.withUnsafeBufferPointer { bytes in
            var index = first
            while index < end {
                let digit = bytes[index] &- UInt8(ascii: "0")
                guard digit < 10 else { break }
                value = value &* 10 &+ UInt64(digit)
                index &+= 1
            }
            return index
        }
        guard at > first else {
            at = start
            return nil
        }
        // 18 digits always fit.
        return at - first <= 18 ? Int(truncatingIfNeeded: value) : longNumber(in: first..<at)
    }

    private func longNumber(in digits: Range<Int>) -> Int { Int(text(digits)) ?? Int.max }

    /// As `number()`, with a minus sign.
    public mutating func signedNumber() -> Int? {
        let start = at
        skipBlanks()
        let negative = skip(byte: UInt8(ascii: "-"))
        guard at < end, bytes[at] != UInt8(ascii: " "), let value = number() else {
            at = start
            return nil
        }
        return negative ? -value : value
    }

    /// The bytes up to the next blank, blanks before them skipped; empty at the end of the line.
    public mutating func word() -> Range<Int> {
        skipBlanks()
        let start = at
        while at < end, bytes[at] != UInt8(ascii: " "), bytes[at] != UInt8(ascii: "\t") { at += 1 }
        return start..<at
    }

    /// The rest of the line; it is read with it.
    public mutating func rest() -> Range<Int> {
        defer { at = end }
        return at..<end
    }

    /// `range` as text, bytes that are no UTF-8 repaired.
    public func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The index of the next newline, or of the end. Eight bytes at a time: the lines of vmstat and zoneinfo are many.
    private func indexOfNewline(from start: Int) -> Int {
        bytes.withUnsafeBytes { bytes in
            var index = start
            while index &+ 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ 0x0a0a_0a0a_0a0a_0a0a
                let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
                if zeros != 0 { return index &+ zeros.trailingZeroBitCount / 8 }
                index &+= 8
            }
            while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index &+= 1 }
            return index
        }
    }

    /// An error at the current place: what was expected, and the word that stands here instead.
    public func error(in source: String, expected: String) -> ParseError {
        var probe = self
        let found = probe.word()
        let cut = found.prefix(40)
        return ParseError(
            source: source, line: line, expected: expected,
            found: found.isEmpty ? nil : text(cut.startIndex..<cut.endIndex))
    }
}
