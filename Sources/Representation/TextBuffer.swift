/// Bytes that grow: what every writer of this floor appends to. No String is made on the way of a number.
///
/// Floor invariant of Representation: values in, bytes out; no file, no clock, no global state.
/// It owns its memory, and cannot be copied: a page of metrics is over a thousand appends, and an Array would ask before
/// each whether it is shared.
public struct TextBuffer: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    public private(set) var count = 0

    public init(capacity: Int = 256) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    public var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

    @inline(__always)
    public mutating func append(_ text: StaticString) { write(text.utf8Start, text.utf8CodeUnitCount) }

    /// Disfavoured, or each literal would be a String: counted by reference, and copied by a call.
    @_disfavoredOverload
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in if let source = utf8.baseAddress { write(source, utf8.count) } }
    }

    public mutating func append(_ more: [UInt8]) {
        more.withUnsafeBufferPointer { bytes in if let source = bytes.baseAddress { write(source, bytes.count) } }
    }

    public mutating func append(_ more: borrowing TextBuffer) { write(more.start, more.count) }

    @inline(__always)
    public mutating func append(byte: UInt8) {
        reserve(1)
        start[count] = byte
        count &+= 1
    }

    public mutating func append(_ value: Int) {
        if value < 0 { append(byte: UInt8(ascii: "-")) }
        append(unsigned: value.magnitude)
    }

    /// `value` with `digits` places, zeros in front.
    public mutating func append(_ value: Int, digits: Int) {
        var limit = 1
        for _ in 1..<max(digits, 1) { limit *= 10 }
        while limit > 1, value < limit {
            append(byte: UInt8(ascii: "0"))
            limit /= 10
        }
        append(unsigned: value.magnitude)
    }

    /// A share as the kernel prints it: `0.816`. Nearly all lie between 0 and 1.
    public mutating func append(thousandths value: Int) {
        guard (0...1000).contains(value) else { return append(value, scale: 1000, digits: 3) }
        reserve(5)
        start[count] = UInt8(ascii: "0") &+ (value == 1000 ? 1 : 0)
        start[count &+ 1] = UInt8(ascii: ".")
        start[count &+ 2] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 100 % 10)
        start[count &+ 3] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 10 % 10)
        start[count &+ 4] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10)
        count &+= 5
    }

    /// A decimal fraction without rounding: 1500 with scale 1000 and three digits is `1.500`.
    public mutating func append(_ value: Int, scale: Int, digits: Int) {
        if value < 0 { append(byte: UInt8(ascii: "-")) }
        append(unsigned: value.magnitude / UInt(scale))
        append(byte: UInt8(ascii: "."))
        append(Int(value.magnitude % UInt(scale)), digits: digits)
    }

    /// Empty again, and as large as it has become.
    mutating func removeAll() { count = 0 }

    /// The first `length` bytes of a literal.
    mutating func append(_ text: StaticString, length: Int) { write(text.utf8Start, min(length, text.utf8CodeUnitCount)) }

    private mutating func append(unsigned value: UInt) {
        reserve(20)
        let end = count &+ Self.digits(of: value)
        var rest = value
        var at = end
        repeat {
            at &-= 1
            start[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        count = end
    }

    private static func digits(of value: UInt) -> Int {
        var digits = 1
        var rest = value
        while rest >= 10000 {
            rest /= 10000
            digits &+= 4
        }
        return digits &+ (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
    }

    @inline(__always)
    private mutating func write(_ source: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        (start + count).update(from: source, count: length)
        count &+= length
    }

    @inline(__always)
    private mutating func reserve(_ length: Int) {
        if capacity &- count < length { grow(length) }
    }

    @inline(never)
    private mutating func grow(_ length: Int) {
        capacity = count + max(capacity, length)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }
}
