/// A body with its header fields, rendered once and sent to many: libmicrohttpd queues the one object for each of them.
public final class SharedBody: Sendable {
    public let bytes: [UInt8]
    public let headers: Headers
    let prepared: PreparedResponse

    /// - Throws: `.badResponse` when a header field cannot be sent.
    public init(_ bytes: [UInt8], headers: Headers) throws(HTTPFault) {
        self.bytes = bytes
        self.headers = headers
        prepared = try PreparedResponse(bytes, headers)
    }

    deinit { prepared.release() }
}
