import CMicroHTTPD
import Glibc

/// A client of a stream of events: it connects, reads, and comes back with the id of the last event where it was cut off.
///
/// Blocking, on the caller's thread; for a command, not for a server.
public struct EventStreamClient {
    private let address: ListenAddress
    private let target: String
    private let bearer: String?
    private var lastID: String?
    private var pause: Int = 2_000

    /// One event as it came.
    public struct Event: Hashable, Sendable {
        public let id: String?
        public let kind: String
        public let data: [UInt8]
    }

    /// Why there is nothing to be read.
    public enum Failure: Error, Sendable, CustomStringConvertible {
        case noConnection(ListenAddress, errno: Int32)
        /// It answers, and not with a stream.
        case refused(status: Int, body: String)
        case ended

        public var description: String {
            switch self {
            case .noConnection(let address, let errno): "\(address) cannot be reached: \(String(cString: strerror(errno)))"
            case .refused(let status, let body): "the daemon answers \(status): \(body)"
            case .ended: "the stream was cut off"
            }
        }

        /// Asking again will not help.
        public var isFinal: Bool { if case .refused(let status, _) = self { (400..<500).contains(status) } else { false } }
    }

    /// - Parameters:
    ///   - target: path and query.
    ///   - bearer: a token, for a server that wants one; without line breaks.
    public init(_ address: ListenAddress, _ target: String, bearer: String? = nil) {
        precondition(
            bearer?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } ?? true, "a token is printable, or it is a field of its own")
        self.address = address
        self.target = target
        self.bearer = bearer
    }

    /// Milliseconds after which the server would have us back.
    public var retryMilliseconds: Int { pause }

    /// Reads one connection to its end; where an earlier one ended, it goes on.
    ///
    /// - Throws: how it ended; it never just returns.
    public mutating func read(_ receive: (Event) -> Void) throws(Failure) -> Never {
        let socket = try connect()
        defer { close(socket) }
        try ask(socket)
        var parser = EventStreamParser()
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw parser.failure ?? .ended }
            for event in parser.add(buffer[..<count]) {
                if let id = event.id { lastID = id }
                receive(event)
            }
            if let retry = parser.retry { pause = retry }
            if let failure = parser.failure, failure.isFinal { throw failure }
        }
    }

    private func connect() throws(Failure) -> Int32 {
        let made: SocketAddress? =
            switch address {
            case .tcp(let host, let port): SocketAddress(host: host.isEmpty ? "127.0.0.1" : host, port: port)
            case .unix(let path): SocketAddress(path: path)
            }
        guard let to = made else { throw .noConnection(address, errno: EINVAL) }
        let descriptor = socket(to.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .noConnection(address, errno: errno) }
        // Heartbeats come every 15 seconds: who says nothing for a minute is gone.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard to.connect(descriptor) == 0 else {
            let failure = errno
            close(descriptor)
            throw .noConnection(address, errno: failure)
        }
        return descriptor
    }

    private func ask(_ socket: Int32) throws(Failure) {
        let last = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        let field = bearer.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let request = Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\(last)\(field)\r\n".utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw .noConnection(address, errno: errno)
        }
    }
}
