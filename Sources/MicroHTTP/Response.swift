/// What a client is answered.
///
/// `Date`, `Content-Length` and `Connection` are libmicrohttpd's business. A 304 must carry the body that its 200 would
/// have: the body is not sent, but its length is (RFC 9110 §8.6).
public struct Response: Sendable {
    public var status: Status
    /// Beside those of a shared body.
    public var headers: Headers
    public var body: ResponseBody

    public init(_ status: Status = .ok, headers: Headers = Headers(), body: ResponseBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public init(_ status: Status = .ok, type: String, headers: Headers = Headers(), body: [UInt8]) {
        self.init(status, headers: headers, body: .bytes(body))
        self.headers.append("Content-Type", type)
    }

    public init(_ shared: SharedBody, _ status: Status = .ok) {
        self.init(status, body: .shared(shared))
    }

    /// Every header field that goes out, less those that libmicrohttpd adds.
    public var allHeaders: Headers {
        guard case .shared(let shared) = body else { return headers }
        var all = shared.headers
        all.append(contentsOf: headers)
        return all
    }
}

/// The bytes of a response.
public enum ResponseBody: Sendable {
    case bytes([UInt8])
    case shared(SharedBody)
    /// It ends when one of both sides ends it.
    case stream(EventStream)

    public var bytes: [UInt8] {
        switch self {
        case .bytes(let bytes): bytes
        case .shared(let shared): shared.bytes
        case .stream: []
        }
    }
}
