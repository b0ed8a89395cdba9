import Kernel
public import Logging
public import MicroHTTP
import Representation

/// The one place where an error becomes a problem document.
public struct ProblemResponses: Sendable {
    private let logger: Logger

    public init(logger: Logger) { self.logger = logger }

    /// What HTTP itself forbids.
    @Sendable public func response(to fault: HTTPFault, _ request: Request?) -> Response {
        let refusal = Refusal(
            fault.status, fault.kind.typeName, fault.detail, next: fault.kind.nextStep, headers: fault.headers)
        return response(refusal, path: request?.path ?? "")
    }

    /// What a route refused, and what went wrong in one.
    @Sendable public func response(to error: any Error, _ request: Request) -> Response {
        switch error {
        case let refusal as Refusal: return response(refusal, path: request.path)
        case let source as SourceError:
            // That it fails is already in the log, once; a client that asks again and again is no news.
            logger.debug("\(request.method.token) \(request.path): \(source)")
            return response(Refusal(unreadable: source), path: request.path)
        default:
            logger.error("\(request.method.token) \(request.path): \(error)")
            let refusal = Refusal(
                .internalServerError, "internal_error", "the request could not be served", next: "the log of the daemon says why")
            return response(refusal, path: request.path)
        }
    }

    private func response(_ refusal: Refusal, path: String) -> Response {
        var headers = refusal.headers
        headers.append("Cache-Control", "no-store")
        return Response(refusal.status, type: Problem.mediaType, headers: headers, body: refusal.problem(at: path).json)
    }
}

extension Refusal {
    /// A source of the machine that the route lives on. The client is told the cause, not the path.
    init(unreadable error: SourceError, source: String? = nil) {
        let name = source ?? error.sourceName
        switch error {
        case .unreadable(_, let errno) where errno == 1 || errno == 13:
            self.init(
                .serviceUnavailable, "source_unreadable", "\(name) could not be read: \(error.reason)",
                next: "give the daemon \(Self.right(toRead: name, errno)); GET /capabilities says what is missing")
        case .absent:
            self.init(
                .serviceUnavailable, "source_absent", "\(name) could not be read: \(error.reason)",
                next: "use a kernel that has it, or do without this route")
        default:
            self.init(
                .serviceUnavailable, "source_unreadable", "\(name) could not be read: \(error.reason)",
                next: "the log of the daemon has the path; try again")
        }
    }
}

extension Refusal {
    /// Kernel: kernel/printk/printk.c, `check_syslog_permissions()` says EPERM; EACCES is the file's mode.
    private static func right(toRead source: String, _ errno: Int32) -> String {
        guard source == "kmsg" else { return "the right to read it" }
        return errno == 1 ? "CAP_SYSLOG" : "CAP_DAC_READ_SEARCH"
    }
}

extension SourceError {
    /// The last part of the path: what people call it.
    fileprivate var sourceName: String {
        switch self {
        case .unreadable(let path, _), .malformed(let path, _), .absent(let path):
            path.split(separator: "/").last.map(String.init) ?? path
        case .gone: "the process"
        }
    }
}

extension HTTPFault.Kind {
    var typeName: String {
        switch self {
        case .badRequestLine: "bad_request_line"
        case .badTarget: "bad_target"
        case .badHeader: "bad_header"
        case .badHost: "bad_host"
        case .badContentLength: "bad_content_length"
        case .ambiguousLength: "ambiguous_length"
        case .unsupportedTransferEncoding: "unsupported_transfer_encoding"
        case .unsupportedExpectation: "unsupported_expectation"
        case .badCondition: "bad_condition"
        case .bodyTooLarge: "body_too_large"
        case .targetTooLong: "target_too_long"
        case .headersTooLarge: "headers_too_large"
        case .notFound: "not_found"
        case .methodNotAllowed: "method_not_allowed"
        case .badResponse: "bad_response"
        case .tooManyStreams: "too_many_streams"
        }
    }

    fileprivate var nextStep: String {
        switch self {
        case .badRequestLine, .badTarget, .badHeader, .badHost, .badContentLength, .ambiguousLength:
            "correct the request; the connection was closed because its framing is not certain"
        case .unsupportedTransferEncoding: "send the body with Content-Length, or chunked alone"
        case .unsupportedExpectation: "send no Expect field, or 100-continue"
        case .badCondition: "send If-Match with the ETag of GET /processes/{pid}, or without it"
        case .bodyTooLarge: "send a smaller body"
        case .targetTooLong: "send a shorter path and query"
        case .headersTooLarge: "send fewer or shorter header fields"
        case .notFound: "GET / links to every route, /openapi.yaml describes them"
        case .methodNotAllowed: "use one of the methods in Allow"
        case .badResponse: "the log of the daemon says why"
        case .tooManyStreams: "ask GET /oom-kills from time to time, or try again later"
        }
    }
}
