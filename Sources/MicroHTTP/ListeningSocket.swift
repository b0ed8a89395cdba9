import CMicroHTTPD
import Glibc

/// A socket that listens, made here rather than by libmicrohttpd: it keeps the errno, and knows unix paths.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    /// With the real port where 0 was asked for.
    let address: ListenAddress
    /// The socket file is removed at the end, if it is still the one we made.
    private let file: FileIdentity?

    init(_ address: ListenAddress) throws(ServerError) {
        switch address {
        case .unix(let path):
            descriptor = try Self.openUnix(path)
            self.address = address
            file = FileIdentity(path)
        case .tcp(let host, let port):
            descriptor = try Self.openTCP(host, port)
            self.address = .tcp(host: host, port: SocketAddress.port(of: descriptor) ?? port)
            file = nil
        }
    }

    /// Refuses further clients; what was accepted goes on. A closed descriptor could be reused while libmicrohttpd knows it.
    func refuseClients() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() {
        _ = Glibc.close(descriptor)
        if case .unix(let path) = address, let file, FileIdentity(path) == file { _ = unlink(path) }
    }

    /// All addresses are one IPv6 socket that takes IPv4 too, or an IPv4 one where the machine has no IPv6.
    private static func openTCP(_ host: String, _ port: UInt16) throws(ServerError) -> Int32 {
        let name = ListenAddress.tcp(host: host, port: port)
        guard host.isEmpty else { return try open(name, SocketAddress(host: host, port: port)) }
        do {
            return try open(name, SocketAddress(host: "::", port: port))
        } catch .cannotListen(_, EAFNOSUPPORT), .addressNotAvailable {
            return try open(name, SocketAddress(host: "0.0.0.0", port: port))
        }
    }

    private static func openUnix(_ path: String) throws(ServerError) -> Int32 {
        guard let address = SocketAddress(path: path) else { throw .pathTooLong(path: path) }
        try removeStale(path, address)
        return try open(.unix(path: path), address)
    }

    /// A dead server's socket file refuses connections; a live one's takes them or has a full backlog.
    private static func removeStale(_ path: String, _ address: SocketAddress) throws(ServerError) {
        guard let file = FileIdentity(path) else { return }
        guard file.isSocket else { throw .notASocket(path: path) }
        let probe = socket(AF_UNIX, streamFlags, 0)
        defer { _ = Glibc.close(probe) }
        guard address.connect(probe) != 0, errno == ECONNREFUSED else { throw .addressInUse(.unix(path: path)) }
        _ = unlink(path)
    }

    private static func open(_ name: ListenAddress, _ address: SocketAddress?) throws(ServerError) -> Int32 {
        guard let address else { throw .addressNotAvailable(name) }
        let descriptor = socket(address.family, streamFlags, 0)
        guard descriptor >= 0 else { throw ServerError(name, errno) }
        guard listen(descriptor, name, address) else {
            let error = ServerError(name, errno)
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Until `listen` a unix socket refuses connections, so nobody meets it with a wider mode than 0660.
    private static func listen(_ descriptor: Int32, _ name: ListenAddress, _ address: SocketAddress) -> Bool {
        switch name {
        case .tcp(let host, _):
            set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            if address.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, host.isEmpty ? 0 : 1) }
            return address.bind(descriptor) == 0 && Glibc.listen(descriptor, SOMAXCONN) == 0
        case .unix(let path):
            return address.bind(descriptor) == 0 && chmod(path, 0o660) == 0 && Glibc.listen(descriptor, SOMAXCONN) == 0
        }
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        withUnsafePointer(to: value) { _ = setsockopt(descriptor, level, option, $0, socklen_t(MemoryLayout<Int32>.size)) }
    }

    private static let streamFlags =
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
}

extension ServerError {
    fileprivate init(_ address: ListenAddress, _ errno: Int32) {
        self =
            switch errno {
            case EADDRINUSE: .addressInUse(address)
            case EACCES, EPERM: .permissionDenied(address)
            case EADDRNOTAVAIL: .addressNotAvailable(address)
            default: .cannotListen(address, errno: errno)
            }
    }
}

/// Which file a path leads to, links not followed.
private struct FileIdentity: Equatable, Sendable {
    let device: UInt
    let inode: UInt
    let isSocket: Bool

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        isSocket = status.st_mode & S_IFMT == S_IFSOCK
    }
}
