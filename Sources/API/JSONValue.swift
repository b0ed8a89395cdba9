import Kernel

/// A JSON text (RFC 8259) as a value. Small bodies only: our own, since every JSON reader at hand brings Foundation.
indirect enum JSONValue: Hashable, Sendable, CustomStringConvertible {
    case null
    case bool(Bool)
    /// The digits as they stand: who needs an integer asks for one.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// - Throws: the place as a byte, what was expected there and what was found. A member that occurs twice is an error.
    init(parsing bytes: [UInt8]) throws(ParseError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.value(depth: 0)
        try reader.expectEnd()
    }

    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .number(let text): text
        case .string(let text): quoted(String(text.prefix(40)))
        case .array: "an array"
        case .object: "an object"
        }
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func value(depth: Int) throws(ParseError) -> JSONValue {
        skipBlanks()
        guard depth < 32 else { throw error("at most 32 levels") }
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    mutating func expectEnd() throws(ParseError) {
        skipBlanks()
        guard at == bytes.count else { throw error("nothing after the value") }
    }

    private mutating func object(depth: Int) throws(ParseError) -> JSONValue {
        at += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if skip("}") { return .object(members) }
        repeat {
            skipBlanks()
            let name = try string()
            guard members[name] == nil else { throw error("each member once, not \(quoted(name)) again") }
            skipBlanks()
            guard skip(":") else { throw error("':'") }
            members[name] = try value(depth: depth + 1)
            skipBlanks()
        } while skip(",")
        guard skip("}") else { throw error("',' or '}'") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(ParseError) -> JSONValue {
        at += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if skip("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
        } while skip(",")
        guard skip("]") else { throw error("',' or ']'") }
        return .array(elements)
    }

    private mutating func string() throws(ParseError) -> String {
        guard skip("\"") else { throw error("a string") }
        var text: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("no control character in a string") }
            at += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        guard skip("\"") else { throw error("'\"' at the end of the string") }
        guard let valid = String(validating: text, as: UTF8.self) else { throw error("UTF-8 in a string") }
        return valid
    }

    private mutating func escape(into text: inout [UInt8]) throws(ParseError) {
        let simple: [UInt8: UInt8] = [0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9]
        if let byte = peek, let plain = simple[byte] {
            at += 1
            text.append(plain)
            return
        }
        guard skip("u") else { throw error("an escape") }
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), skip("\\"), skip("u") { units.append(try codeUnit()) }
        guard let valid = String(validating: units, as: UTF16.self) else { throw error("a pair of surrogates") }
        text.append(contentsOf: valid.utf8)
    }

    private mutating func codeUnit() throws(ParseError) -> UInt16 {
        guard bytes.count - at >= 4, let digits = String(validating: bytes[at..<at + 4], as: UTF8.self),
            let unit = UInt16(digits, radix: 16),
            !digits.hasPrefix("+"), !digits.hasPrefix("-")
        else { throw error("four hexadecimal digits") }
        at += 4
        return unit
    }

    private mutating func number() throws(ParseError) -> String {
        let start = at
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            try digits()
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func digits() throws(ParseError) {
        let start = at
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        guard at > start else { throw error("a value") }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(ParseError) -> JSONValue {
        let count = text.utf8CodeUnitCount
        let matches = bytes.count - at >= count && text.withUTF8Buffer { $0.elementsEqual(bytes[at..<at + count]) }
        guard matches else { throw error("a value") }
        at += count
        return value
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { at += 1 }
    }

    private func error(_ expected: String) -> ParseError {
        let found = String(decoding: bytes.dropFirst(at).prefix(12), as: UTF8.self)
        return ParseError(source: "body, byte \(at + 1)", line: 0, expected: expected, found: found.isEmpty ? nil : found)
    }
}
