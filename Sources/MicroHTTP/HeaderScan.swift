import CMicroHTTPD

/// One walk over the fields of a head: it keeps them, and notes what framing depends on.
///
/// libmicrohttpd 0.9.75 takes two lengths, a length beside chunks, any transfer coding, two hosts or none, and any bytes
/// for a name. Each of them is a way to make two readers of the same bytes disagree about where a request ends.
struct HeaderScan {
    private(set) var headers = Headers()
    private(set) var layout: HeadLayout
    private var fault: HTTPFault?
    private var hosts = 0
    private var lengths = 0
    private var codings = 0
    private var coding: [UInt8] = []

    /// How the body is delimited (RFC 9112 §6.3).
    enum BodyLength: Hashable {
        case none
        case bytes(Int)
        case chunked
    }

    /// Walks over the fields of a connection's request.
    init(_ connection: Connection, _ head: RawHead, target: Int) {
        layout = HeadLayout(head, target: target)
        headers.reserve(fields: 8, bytes: head.size)
        withUnsafeMutablePointer(to: &self) {
            _ = MHD_get_connection_values_n(connection.raw, .HEADER_KIND, onHeaderField, $0)
        }
    }

    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        layout.add(name: name, value: value)
        note(name, value)
        headers.append(name: name, value: Self.trimmed(value))
    }

    func check(isVersion10: Bool) throws(HTTPFault) -> BodyLength {
        if let fault { throw fault }
        guard hosts == 1 || (hosts == 0 && isVersion10) else {
            throw HTTPFault(.badHost, "a request has exactly one Host field, not \(hosts)")
        }
        return try bodyLength(isVersion10)
    }

    private func bodyLength(_ isVersion10: Bool) throws(HTTPFault) -> BodyLength {
        guard codings + lengths <= 1 else {
            throw HTTPFault(.ambiguousLength, "a body has one Content-Length or one Transfer-Encoding; send one of them, once")
        }
        if codings == 1 {
            guard !isVersion10, ASCII.equalIgnoringCase(coding, "chunked".utf8) else {
                throw HTTPFault(.unsupportedTransferEncoding, "only chunked, in HTTP/1.1, is understood; send a Content-Length")
            }
            return .chunked
        }
        guard lengths == 1, let text = headers["Content-Length"] else { return .none }
        guard text.utf8.allSatisfy(ASCII.isDigit), !text.isEmpty else {
            throw HTTPFault(.badContentLength, "Content-Length must be a decimal number")
        }
        let length = Int(text) ?? .max
        return length == 0 ? .none : .bytes(length)
    }

    private mutating func note(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard ASCII.isToken(name) else { return refuse("a header field's name must be a token, with nothing before its colon") }
        guard ASCII.isFieldValue(value) else {
            return refuse("the value of a header field must not hold control characters")
        }
        switch name.count {
        case 4 where ASCII.equalIgnoringCase(name, "host".utf8): note(host: value)
        case 6 where ASCII.equalIgnoringCase(name, "expect".utf8): note(expectation: value)
        case 14 where ASCII.equalIgnoringCase(name, "content-length".utf8): lengths += 1
        case 17 where ASCII.equalIgnoringCase(name, "transfer-encoding".utf8):
            codings += 1
            // As it stands: libmicrohttpd does not know `chunked` with a blank behind it, and would wait for ever.
            coding = [UInt8](value)
        default: break
        }
    }

    private mutating func note(host value: UnsafeRawBufferPointer) {
        hosts += 1
        let isOdd = Self.trimmed(value).contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "@") || ASCII.isBlank($0) }
        if isOdd { fault = fault ?? HTTPFault(.badHost, "Host holds a name or an address, and maybe a port") }
    }

    private mutating func note(expectation value: UnsafeRawBufferPointer) {
        guard !ASCII.equalIgnoringCase(Self.trimmed(value), "100-continue".utf8) else { return }
        let detail = "only Expect: 100-continue is understood; leave the field out"
        fault = fault ?? HTTPFault(.unsupportedExpectation, detail)
    }

    private mutating func refuse(_ detail: String) { fault = fault ?? HTTPFault(.badHeader, detail) }

    private static func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var count = value.count
        while count > 0, ASCII.isBlank(value[count - 1]) { count -= 1 }
        return UnsafeRawBufferPointer(rebasing: value[..<count])
    }
}

private func onHeaderField(
    _ scan: UnsafeMutableRawPointer?, _: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameSize: Int,
    _ value: UnsafePointer<CChar>?, _ valueSize: Int
) -> MHD_Result {
    scan?.assumingMemoryBound(to: HeaderScan.self).pointee.add(
        name: UnsafeRawBufferPointer(start: name, count: nameSize),
        value: UnsafeRawBufferPointer(start: value, count: valueSize))
    return .YES
}
