import CGnuTLS

/// A SHA-256 digest (FIPS 180-4), computed by GnuTLS, which libmicrohttpd brings along.
public struct SHA256Digest: Sendable {
    /// 32 of them.
    let bytes: [UInt8]

    /// nil where the library refuses to hash at all, as one in FIPS mode that failed its self-test does.
    public init?(of data: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Self.size)
        guard oomwarden_sha256(data, data.count, &digest) == 0 else { return nil }
        bytes = digest
    }

    /// 64 hexadecimal digits, as sha256sum(1) prints them.
    public init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * Self.size else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Every byte is looked at, whatever the first difference: the time tells nothing of the digest.
    public func isEqualInConstantTime(to other: SHA256Digest) -> Bool {
        var difference: UInt8 = 0
        for (ours, theirs) in zip(bytes, other.bytes) { difference |= ours ^ theirs }
        return difference == 0
    }

    private static let size = 32

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
