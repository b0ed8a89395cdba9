/// What HTTP says of single bytes (RFC 9110 §5.6.2, RFC 3986 §2.1). Kept apart from `Character`: the wire is bytes.
enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    static func equalIgnoringCase(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
        a.elementsEqual(b) { lowercased($0) == lowercased($1) }
    }

    /// `tchar`: what a method or a field name is made of.
    static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 0x80 else { return false }
        return (byte < 0x40 ? tokensBelow40 >> UInt64(byte) : tokensFrom40 >> UInt64(byte & 0x3F)) & 1 == 1
    }

    /// One bit for each byte: `!#$%&'*+-.` and the digits.
    private static let tokensBelow40: UInt64 = 0x03FF_6CFA_0000_0000
    /// The letters and ``^_`|~``.
    private static let tokensFrom40: UInt64 = 0x57FF_FFFF_C7FF_FFFE

    static func isToken(_ bytes: some Collection<UInt8>) -> Bool { !bytes.isEmpty && bytes.allSatisfy(isToken) }

    /// Whether a field value is free of control characters but the tab (RFC 9110 §5.5). Every byte is looked at even if the
    /// first is bad: without an early way out the loop becomes vector instructions.
    static func isFieldValue(_ bytes: some Collection<UInt8>) -> Bool {
        var controls: UInt8 = 0
        for byte in bytes { controls |= (byte < 0x20 && byte != 0x09) || byte == 0x7F ? 1 : 0 }
        return controls == 0
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// The text without blanks around it.
    static func trimmed(_ text: Substring) -> Substring {
        var rest = text.utf8
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return Substring(rest)
    }

    static func trimmed(_ text: String) -> Substring { trimmed(text[...]) }

    static func equalIgnoringCase(_ a: some StringProtocol, _ b: some StringProtocol) -> Bool {
        equalIgnoringCase(a.utf8, b.utf8)
    }
}
