/// A request (or our own response) that HTTP itself forbids, before or beside any route. The owner of the server
/// renders it; `detail` says what to do next.
public struct HTTPFault: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case badRequestLine = "Bad request line"
        case badTarget = "Bad request target"
        case badHeader = "Bad header field"
        case badHost = "Bad Host field"
        case badContentLength = "Bad Content-Length"
        case ambiguousLength = "Ambiguous body length"
        case unsupportedTransferEncoding = "Unsupported Transfer-Encoding"
        case unsupportedExpectation = "Unsupported Expect"
        case badCondition = "Bad precondition"
        case bodyTooLarge = "Body too large"
        case targetTooLong = "Target too long"
        case headersTooLarge = "Header fields too large"
        case notFound = "No such path"
        case methodNotAllowed = "Method not allowed"
        case badResponse = "Response could not be sent"
        case tooManyStreams = "Too many streams"
    }

    public let kind: Kind
    public let detail: String
    /// The methods that a path has, for `Allow`; empty unless the kind is `.methodNotAllowed`.
    public let allowed: [Method]

    public init(_ kind: Kind, _ detail: String, allowed: [Method] = []) {
        self.kind = kind
        self.detail = detail
        self.allowed = allowed
    }

    public var title: String { kind.rawValue }

    public var status: Status {
        switch kind {
        case .badRequestLine, .badTarget, .badHeader, .badHost, .badContentLength, .ambiguousLength, .badCondition:
            .badRequest
        case .unsupportedTransferEncoding: .notImplemented
        case .unsupportedExpectation: .expectationFailed
        case .bodyTooLarge: .contentTooLarge
        case .targetTooLong: .uriTooLong
        case .headersTooLarge: .headerFieldsTooLarge
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .badResponse: .internalServerError
        case .tooManyStreams: .serviceUnavailable
        }
    }

    /// What the response must carry whatever its body is.
    public var headers: Headers {
        var headers = Headers()
        if !allowed.isEmpty { headers.append("Allow", allowed.map(\.token).joined(separator: ", ")) }
        if closesConnection { headers.append("Connection", "close") }
        return headers
    }

    /// Where one request ends and the next begins is no longer certain.
    public var closesConnection: Bool {
        switch kind {
        case .notFound, .methodNotAllowed, .badCondition, .badResponse, .tooManyStreams: false
        default: true
        }
    }

    public var description: String { "\(status.code) \(title): \(detail)" }
}
