import CMicroHTTPD

/// Where the parts of a head must lie in libmicrohttpd's read buffer if the client wrote it by the book.
///
/// The library cuts a head where it came in, writing NUL over the line ends, and forgives much on the way: blanks without
/// number in the request line, a bare LF, a NUL, a folded line (whose text it glues to the field's *name*, elsewhere in
/// memory). A proxy in front may have read the same bytes otherwise (RFC 9112 §11.2), so each part must follow the last
/// one at the distance of one blank or one CRLF.
///
/// What stays hidden: a bare LF or a folded line in trailers and in chunk-size lines; empty lines before the request
/// line; blanks or tabs, or none, between a field's colon and its value (all of which are allowed); what follows a field
/// that libmicrohttpd refused by itself. Only version 0.9.75 was read for this; with any other nothing is compared.
struct HeadLayout {
    private var next: Int
    private var isWhole = true

    static let isKnown = String(cString: MHD_get_version()) == "0.9.75"

    /// `GET /zones HTTP/1.1`: method, target and version are one blank apart.
    init(_ head: RawHead, target: Int) {
        let version = Int(bitPattern: head.version)
        let methodEnd = Int(bitPattern: head.method) + head.methodBytes.count
        isWhole = methodEnd + 1 + target + 1 == version
        next = version + Self.versionLength + Self.lineEnd
    }

    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let start = Int(bitPattern: name.baseAddress)
        let valueStart = Int(bitPattern: value.baseAddress)
        isWhole = isWhole && start == next && valueStart > start + name.count
        next = valueStart + value.count + Self.lineEnd
    }

    /// The last field is followed by the empty line, and that by the end of the head.
    func isByTheBook(_ head: RawHead) -> Bool {
        isWhole && next + Self.lineEnd == Int(bitPattern: head.method) + head.size
    }

    private static let versionLength = 8
    private static let lineEnd = 2
}
