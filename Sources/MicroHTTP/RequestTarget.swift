/// The target of a request line, split at the `?` and decoded once: `/zones/0/Normal?pretty`.
///
/// The absolute form (`http://host/zones`) is taken as its path, the asterisk form (`*`) is left for OPTIONS.
/// An encoded slash is refused: it would be a separator to some readers and a character to others.
struct RequestTarget: Sendable, Hashable {
    let path: String
    let query: Query

    /// One real line: `/processes?sort=badness&limit=50`.
    init(parsing bytes: [UInt8]) throws(HTTPFault) {
        if let byte = bytes.first(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "#") }) {
            throw HTTPFault(.badTarget, "the target holds the byte 0x\(String(byte, radix: 16)); percent-encode it")
        }
        let target = try Self.withoutAuthority(bytes[...])
        let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = try Self.path(target[..<mark])
        query = mark == target.endIndex ? Query() : try Query(parsing: target[(mark + 1)...])
    }

    private static func path(_ bytes: ArraySlice<UInt8>) throws(HTTPFault) -> String {
        if bytes.elementsEqual("*".utf8) { return "*" }
        guard bytes.first == UInt8(ascii: "/") else {
            throw HTTPFault(.badTarget, "the target must start with /")
        }
        if containsEncodedSlash(bytes) {
            throw HTTPFault(.badTarget, "an encoded slash (%2F) has no meaning in a path here; write / between its parts")
        }
        let path = try PercentDecoding.text(bytes)
        guard !climbs(path) else { throw HTTPFault(.badTarget, "the path must not climb with ..; write it in full") }
        return path
    }

    private static func climbs(_ path: String) -> Bool {
        guard path.utf8.contains(UInt8(ascii: ".")) else { return false }
        return path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }

    private static func containsEncodedSlash(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while let mark = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[(mark + 1)...]
            if rest.starts(with: "2F".utf8) || rest.starts(with: "2f".utf8) { return true }
        }
        return false
    }

    /// RFC 9112 §3.2.2: a server must accept the absolute form.
    private static func withoutAuthority(_ bytes: ArraySlice<UInt8>) throws(HTTPFault) -> ArraySlice<UInt8> {
        guard bytes.first != UInt8(ascii: "/") else { return bytes }
        for scheme in ["http://", "https://"] where ASCII.equalIgnoringCase(bytes.prefix(scheme.utf8.count), scheme.utf8) {
            let rest = bytes.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            guard end > rest.startIndex else { throw HTTPFault(.badTarget, "the target names no host") }
            let path = rest[end...]
            return path.first == UInt8(ascii: "/") ? path : [UInt8(ascii: "/")] + path
        }
        return bytes
    }
}
