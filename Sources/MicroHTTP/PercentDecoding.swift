/// Percent-encoding, undone once (RFC 3986 §2.1); what does not decode to UTF-8 text is refused.
enum PercentDecoding {
    /// - Parameter blank: the byte that stands for a blank: `+` in a query, none in a path.
    static func text(_ bytes: ArraySlice<UInt8>, blank: UInt8? = nil) throws(HTTPFault) -> String {
        if !bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == blank || $0 >= 0x80 }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        let decoded = try decode(bytes, blank: blank)
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw HTTPFault(.badTarget, "the target must decode to UTF-8; encode each byte of the UTF-8 text as %XX")
        }
        return text
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, blank: UInt8?) throws(HTTPFault) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                decoded.append(try escape(&rest))
            } else {
                decoded.append(byte == blank ? UInt8(ascii: " ") : byte)
            }
        }
        return decoded
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) throws(HTTPFault) -> UInt8 {
        guard let high = rest.popFirst().flatMap(ASCII.hexDigit), let low = rest.popFirst().flatMap(ASCII.hexDigit) else {
            throw HTTPFault(.badTarget, "a % in the target must be followed by two hexadecimal digits; write a plain % as %25")
        }
        guard high != 0 || low != 0 else { throw HTTPFault(.badTarget, "%00 has no place in a target; leave it out") }
        return high << 4 | low
    }
}
