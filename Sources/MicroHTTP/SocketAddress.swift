import CMicroHTTPD
import Glibc

/// A `sockaddr` of any family, as bytes with their length.
struct SocketAddress {
    let family: Int32
    private var storage = sockaddr_storage()
    private var length: socklen_t

    /// - Parameter host: a numeric address; nil when it is none.
    init?(host: String, port: UInt16) {
        if host.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return nil }
            self.init(AF_INET6, address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
            self.init(AF_INET, address)
        }
    }

    /// - Parameter path: nil comes back when it does not fit, with its NUL, into `sun_path`.
    init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = [UInt8](path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { target in
            guard bytes.count < target.count else { return false }
            target.copyBytes(from: bytes)
            return true
        }
        guard fits else { return nil }
        self.init(AF_UNIX, address)
    }

    private init<Address>(_ family: Int32, _ address: Address) {
        self.family = family
        length = socklen_t(MemoryLayout<Address>.size)
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: address) { target.copyMemory(from: $0) }
        }
    }

    static func isIPv4(_ text: String) -> Bool { !text.contains(":") && SocketAddress(host: text, port: 0) != nil }
    static func isIPv6(_ text: String) -> Bool { text.contains(":") && SocketAddress(host: text, port: 0) != nil }

    func bind(_ descriptor: Int32) -> Int32 { withRaw { Glibc.bind(descriptor, $0, length) } }
    func connect(_ descriptor: Int32) -> Int32 { withRaw { Glibc.connect(descriptor, $0, length) } }

    /// The port that the kernel gave a bound TCP socket.
    static func port(of descriptor: Int32) -> UInt16? {
        var address = SocketAddress(AF_UNSPEC, sockaddr_storage())
        let result = withUnsafeMutablePointer(to: &address.storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &address.length) }
        }
        // `sin_port` and `sin6_port` stand at the same place.
        guard result == 0 else { return nil }
        return withUnsafeBytes(of: address.storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    private func withRaw<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        withUnsafePointer(to: storage) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}
