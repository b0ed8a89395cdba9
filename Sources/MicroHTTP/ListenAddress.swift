/// Where a server listens: `127.0.0.1:10137`, `[::1]:10137`, `:10137` (every address of the machine), `unix:/run/a.sock`.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// The host is a numeric address without brackets, or empty for all; port 0 lets the kernel choose.
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// One real line: `127.0.0.1:10137`. `localhost` is 127.0.0.1; no other name is resolved.
    public init(parsing text: String) throws(ListenAddressError) {
        if text.hasPrefix("unix:") {
            self = .unix(path: String(text.dropFirst("unix:".count)))
            guard text.count > "unix:".count else { throw ListenAddressError(found: text) }
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]),
            let host = Self.host(text[..<colon])
        else { throw ListenAddressError(found: text) }
        self = .tcp(host: host, port: port)
    }

    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Whether connecting needs no network: a unix socket, or the loopback addresses.
    public var isLocal: Bool {
        switch self {
        case .tcp(let host, _): host.hasPrefix("127.") || host == "::1"
        case .unix: true
        }
    }

    private static func port(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { ASCII.isDigit($0) } ? UInt16(text) : nil
    }

    private static func host(_ text: Substring) -> String? {
        if text.isEmpty { return "" }
        if text == "localhost" { return "127.0.0.1" }
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast())
            return SocketAddress.isIPv6(inner) ? inner : nil
        }
        return SocketAddress.isIPv4(String(text)) ? String(text) : nil
    }
}

/// A text that is not a `ListenAddress`.
public struct ListenAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    public let found: String

    public var description: String {
        "expected HOST:PORT with a numeric host (127.0.0.1:10137, [::1]:10137, :10137 for all addresses) or unix:PATH, "
            + "found \(found.debugDescription)"
    }
}
