import CMicroHTTPD

/// An `MHD_Response`: counted by reference under its own lock, so it may be queued from any thread.
struct PreparedResponse: @unchecked Sendable {
    private let raw: OpaquePointer

    /// The body is lent, not copied: the response keeps the array until it has left.
    ///
    /// - Throws: `.badResponse` when a header field cannot be sent as it is.
    init(_ body: [UInt8], _ headers: Headers) throws(HTTPFault) {
        let loan = Unmanaged.passRetained(LentBody(body))
        let response = body.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), endLoan, loan.toOpaque())
        }
        if response == nil { loan.release() }
        guard let response else { throw HTTPFault(.badResponse, "no memory for a response of \(body.count) bytes") }
        do {
            try headers.forEachTerminated { (name, value) throws(HTTPFault) in try Self.add(name, value, to: response) }
        } catch {
            MHD_destroy_response(response)
            throw error
        }
        raw = response
    }

    /// A body that `stream` gives bit by bit, to this one connection. The socket is not kept for another request.
    init(_ stream: EventStream, _ headers: Headers, on connection: Connection) throws(HTTPFault) {
        stream.begin(on: connection)
        let context = Unmanaged.passRetained(stream)
        let response = MHD_create_response_from_callback(mhd_size_unknown(), 8192, onStream, context.toOpaque(), onStreamEnd)
        guard let response else {
            context.release()
            throw HTTPFault(.badResponse, "no memory for a stream")
        }
        do {
            var headers = headers
            if !headers.contains("Connection") { headers.append("Connection", "close") }
            try headers.forEachTerminated { (name, value) throws(HTTPFault) in try Self.add(name, value, to: response) }
        } catch {
            MHD_destroy_response(response)
            throw error
        }
        raw = response
    }

    /// False when libmicrohttpd will not take it now; the connection is then best closed.
    func queue(on connection: Connection, _ status: Status) -> Bool {
        MHD_queue_response(connection.raw, UInt32(status.code), raw) == .YES
    }

    /// Gives up our own reference; those of queued answers live on.
    func release() { MHD_destroy_response(raw) }

    /// libmicrohttpd refuses line breaks and its own fields by a result that is easily lost, and a NUL it does not see.
    private static func add(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, to response: OpaquePointer
    ) throws(HTTPFault) {
        let fits = ASCII.isToken(name) && ASCII.isFieldValue(value)
        guard fits, MHD_add_response_header(response, name.baseAddress, value.baseAddress) == .YES else {
            let text = String(decoding: name, as: UTF8.self)
            throw HTTPFault(.badResponse, "the header field \(text.debugDescription) cannot be sent with that value")
        }
    }
}

/// Holds the array that a response points into: it is never written, so its bytes stay where they are.
private final class LentBody {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

private func endLoan(_ loan: UnsafeMutableRawPointer?) {
    if let loan { Unmanaged<LentBody>.fromOpaque(loan).release() }
}
