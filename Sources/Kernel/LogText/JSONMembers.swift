/// The members of a JSON object that stands on one line, nested ones too, as far as the line goes.
///
///     {"log":"oom-kill:constraint=CONSTRAINT_NONE\n","stream":"stdout"}
///
/// It judges nothing: what is no JSON gives the members before that place. RFC 8259.
struct JSONMembers: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var at = 0

    struct Member {
        let key: [UInt8]
        /// A string decoded; an array of numbers as the bytes that they are, which is how journald writes what is no
        /// UTF-8; any other value as it stands.
        let value: [UInt8]
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Member? {
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "\"") else {
                at += 1
                continue
            }
            let key = string()
            skipBlanks()
            guard peek == UInt8(ascii: ":") else { continue }
            at += 1
            skipBlanks()
            if let value = value() { return Member(key: key, value: value) }
        }
        return nil
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() { while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { at += 1 } }

    /// Nil for an object, whose members come next.
    private mutating func value() -> [UInt8]? {
        switch peek {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "["): return byteNumbers()
        case UInt8(ascii: "{"), nil: return nil
        default:
            let start = at
            while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"), byte != UInt8(ascii: " ") { at += 1 }
            return Array(bytes[start..<at])
        }
    }

    private mutating func byteNumbers() -> [UInt8]? {
        let start = at
        var result: [UInt8] = []
        var number = 0
        while at + 1 < bytes.count {
            at += 1
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = Swift.min(number * 10 + Int(bytes[at] - UInt8(ascii: "0")), 999)
            case UInt8(ascii: ","), UInt8(ascii: "]"):
                guard let byte = UInt8(exactly: number) else { return nil }
                result.append(byte)
                number = 0
                guard bytes[at] == UInt8(ascii: ",") else { return result }
            case UInt8(ascii: " "): continue
            default:
                at = start + 1
                return nil
            }
        }
        return nil
    }

    /// The string whose quote stands here, its escapes decoded.
    private mutating func string() -> [UInt8] {
        var result: [UInt8] = []
        at += 1
        while let byte = peek, byte != UInt8(ascii: "\"") {
            at += 1
            if byte == UInt8(ascii: "\\") { escape(into: &result) } else { result.append(byte) }
        }
        at = Swift.min(at + 1, bytes.count)
        return result
    }

    private mutating func escape(into result: inout [UInt8]) {
        guard let byte = peek else { return }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(0x0a)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0d)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0c)
        case UInt8(ascii: "u"): result += Array(String(unicodeEscape()).utf8)
        default: result.append(byte)
        }
    }

    /// RFC 8259 §7: what is outside the basic plane is a pair of surrogates; half of one is no character.
    private mutating func unicodeEscape() -> Character {
        guard let first = fourHexDigits() else { return "\u{fffd}" }
        var value = UInt32(first)
        if first & 0xfc00 == 0xd800, bytes.has("\\u", at: at) {
            let start = at
            at += 2
            if let second = fourHexDigits(), second & 0xfc00 == 0xdc00 {
                value = 0x10000 + UInt32(first & 0x3ff) << 10 + UInt32(second & 0x3ff)
            } else {
                at = start
            }
        }
        return Unicode.Scalar(value).map(Character.init) ?? "\u{fffd}"
    }

    private mutating func fourHexDigits() -> UInt16? {
        guard bytes.count - at >= 4 else { return nil }
        var value: UInt16 = 0
        for index in at..<(at + 4) {
            guard let digit = hexDigit(bytes[index]) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        at += 4
        return value
    }
}
