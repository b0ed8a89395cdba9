import CMicroHTTPD
import Glibc

/// Who sent a request: an address and port, or the process at the other end of a unix socket.
///
/// It is read once for each connection and kept as bytes; text is made when somebody asks.
public enum Peer: Hashable, Sendable, CustomStringConvertible {
    /// Network byte order, as `sockaddr_in` has them.
    case ipv4(address: UInt32, port: UInt16)
    /// The address as its four 32-bit words in network byte order.
    case ipv6(SIMD4<UInt32>, port: UInt16)
    /// As the kernel noted it at `connect` (`SO_PEERCRED`).
    case local(processID: Int32, userID: UInt32, groupID: UInt32)
    case unknown

    public var description: String {
        switch self {
        case .ipv4(var address, let port): "\(numericText(AF_INET, &address)):\(UInt16(bigEndian: port))"
        case .ipv6(var address, let port): "[\(numericText(AF_INET6, &address))]:\(UInt16(bigEndian: port))"
        case .local(let processID, let userID, _): "unix socket, pid \(processID), uid \(userID)"
        case .unknown: "unknown"
        }
    }

    /// Whether it is on this machine for certain: 127.0.0.0/8, ::1, the first also as IPv6 writes it, or a unix socket.
    public var isLocal: Bool {
        switch self {
        case .ipv4(let address, _): UInt32(bigEndian: address) >> 24 == 127
        case .ipv6(let address, _):
            if address.x == 0, address.y == 0, address.z == UInt32(0xffff).bigEndian {
                UInt32(bigEndian: address.w) >> 24 == 127
            } else {
                address == SIMD4(0, 0, 0, UInt32(1).bigEndian)
            }
        case .local: true
        case .unknown: false
        }
    }

    init(of connection: Connection) {
        guard let address = mhd_client_address(connection.raw) else {
            self = .unknown
            return
        }
        switch Int32(address.pointee.sa_family) {
        case AF_INET: self = Self.ipv4(UnsafeRawPointer(address).load(as: sockaddr_in.self))
        case AF_INET6: self = Self.ipv6(UnsafeRawPointer(address).load(as: sockaddr_in6.self))
        case AF_UNIX: self = Self.local(mhd_socket(connection.raw))
        default: self = .unknown
        }
    }

    private static func ipv4(_ address: sockaddr_in) -> Peer {
        .ipv4(address: address.sin_addr.s_addr, port: address.sin_port)
    }

    private static func ipv6(_ address: sockaddr_in6) -> Peer {
        withUnsafeBytes(of: address.sin6_addr) { bytes in
            .ipv6(bytes.loadUnaligned(as: SIMD4<UInt32>.self), port: address.sin6_port)
        }
    }

    private static func local(_ descriptor: Int32) -> Peer {
        var credentials = mhd_peer_credentials()
        guard mhd_read_peer_credentials(descriptor, &credentials) == 0 else { return .unknown }
        return .local(processID: credentials.pid, userID: credentials.uid, groupID: credentials.gid)
    }
}

private func numericText(_ family: Int32, _ address: UnsafeRawPointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
        guard let start = buffer.baseAddress else { return "?" }
        return inet_ntop(family, address, start, socklen_t(buffer.count)).map { String(cString: $0) } ?? "?"
    }
}
