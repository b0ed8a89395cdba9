/// rsyslog writes a control character as `#` and three octal digits: `#012` is a newline, `#011` a tab.
///
/// rsyslog: `$EscapeControlCharactersOnReceive`, on by default.
enum OctalEscapes {
    static func decoded(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(UInt8(ascii: "#")) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            if let byte = control(in: text, at: at) {
                result.append(byte == UInt8(ascii: "\t") ? UInt8(ascii: " ") : byte)
                at += 4
            } else {
                result.append(text[at])
                at += 1
            }
        }
        return result
    }

    /// Only a control character is escaped so: `#443` is the number of a kernel's build.
    private static func control(in text: [UInt8], at index: Int) -> UInt8? {
        guard text[index] == UInt8(ascii: "#"), text.count - index >= 4 else { return nil }
        let digits = text[(index + 1)..<(index + 4)]
        guard digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 8 }) else { return nil }
        let value = digits.reduce(0) { $0 << 3 | Int($1 - UInt8(ascii: "0")) }
        return value < 0x20 || value == 0x7f || (0x80..<0xa0).contains(value) ? UInt8(value) : nil
    }
}
