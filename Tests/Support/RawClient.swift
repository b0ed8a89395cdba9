import Foundation

/// A client that sends any bytes, right or wrong, and tells what came back and whether the server closed.
/// It is used by one thread at a time.
public final class RawClient: @unchecked Sendable {
    private let descriptor: Int32
    /// A server ends when nobody holds it; a client of its own test does.
    private let server: AnyObject?
    private var received: [UInt8] = []

    /// Where it connects to; a port is this machine's.
    public enum Address: Equatable, Sendable {
        case tcp(port: UInt16)
        case unix(path: String)
    }

    public struct Failure: Error, CustomStringConvertible { public let description: String }

    public init(_ address: Address, of server: AnyObject? = nil) throws {
        self.server = server
        switch address {
        case .tcp(let port): descriptor = try Self.connectTCP(port)
        case .unix(let path): descriptor = try Self.connectUnix(path)
        }
    }

    deinit { close(descriptor) }

    private static func connectTCP(_ port: UInt16) throws -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let descriptor = try connect(AF_INET, address)
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    private static func connectUnix(_ path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return try connect(AF_UNIX, address)
    }

    private static func connect<Address>(_ family: Int32, _ address: Address) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let failure = Failure(description: "connect: \(String(cString: strerror(errno)))")
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    /// False when the server has closed.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    public func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// One response, its body delimited by Content-Length.
    public func response(toHead isHead: Bool = false, within seconds: Double = 5) throws -> RawResponse {
        let end = Date() + seconds
        while true {
            if let (response, size) = RawResponse.parse(received, isHead: isHead) {
                received.removeFirst(size)
                return response
            }
            guard try receive(until: end) else {
                throw Failure(description: "closed after \(String(decoding: received, as: UTF8.self).debugDescription)")
            }
        }
    }

    /// What came in up to and with `end`; it is taken off.
    public func text(upTo end: String, within seconds: Double = 5) throws -> String {
        let limit = Date() + seconds
        while true {
            if let range = received.firstRange(of: Array(end.utf8)) {
                defer { received.removeFirst(range.upperBound) }
                return String(decoding: received[..<range.upperBound], as: UTF8.self)
            }
            guard try receive(until: limit) else {
                throw Failure(description: "closed after \(String(decoding: received, as: UTF8.self).debugDescription)")
            }
        }
    }

    /// Whether the server closes within that time; what it still sends is dropped.
    public func isClosed(within seconds: Double = 5) -> Bool {
        let end = Date() + seconds
        do {
            while try receive(until: end) {}
            return true
        } catch { return false }
    }

    /// False at the end of the stream.
    private func receive(until end: Date) throws -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let left = end.timeIntervalSinceNow
        guard left > 0, Foundation.poll(&poll, 1, Int32(left * 1000) + 1) > 0 else {
            throw Failure(description: "no answer in time, got \(String(decoding: received, as: UTF8.self).debugDescription)")
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }
}

/// A response as it stood on the wire.
public struct RawResponse: Sendable {
    public let status: Int
    public let headers: RawHeaders
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Nil while it is not complete. A status 100 is a response of its own, with no body.
    static func parse(_ bytes: [UInt8], isHead: Bool) -> (RawResponse, Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let headers = RawHeaders(lines.dropFirst())
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let hasBody = !isHead && status >= 200 && status != 204 && status != 304
        let length = hasBody ? Int(headers["Content-Length"] ?? "0") ?? 0 : 0
        guard bytes.count >= end.upperBound + length else { return nil }
        let body = Array(bytes[end.upperBound..<(end.upperBound + length)])
        return (RawResponse(status: status, headers: headers, body: body), end.upperBound + length)
    }
}

/// Header fields as they stood on the wire; a name in any case finds its first value.
public struct RawHeaders: Sendable {
    public let fields: [(name: String, value: String)]

    init(_ lines: some Sequence<String>) {
        fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), String(parts.last ?? "").trimmingCharacters(in: .whitespaces))
        }
    }

    public subscript(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
}
