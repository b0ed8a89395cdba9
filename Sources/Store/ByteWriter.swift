/// Numbers and texts as bytes, for what the store keeps as one value.
struct ByteWriter {
    var bytes: [UInt8] = []

    /// Seven bits in a byte, the lowest first (LEB128).
    mutating func append(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Small numbers of either sign are short.
    mutating func append(signed value: Int) {
        append(UInt64(bitPattern: Int64(value << 1) ^ Int64(value >> 63)))
    }

    /// Its length first.
    mutating func append(_ text: some Collection<UInt8>) {
        append(UInt64(text.count))
        bytes.append(contentsOf: text)
    }
}

/// Reads what a `ByteWriter` wrote; nil where the bytes end, or cannot be what is asked for.
struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    mutating func signed() -> Int? {
        number().map { Int(Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1)) }
    }

    mutating func count(upTo largest: Int) -> Int? {
        guard let value = number(), value <= UInt64(largest) else { return nil }
        return Int(value)
    }

    mutating func bytes() -> ArraySlice<UInt8>? {
        guard let length = count(upTo: rest.count) else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }
}
