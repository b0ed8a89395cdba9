import Glibc

/// Why a server could not start.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    case addressInUse(ListenAddress)
    case permissionDenied(ListenAddress)
    case addressNotAvailable(ListenAddress)
    /// There is a file of another kind at the path of a unix socket.
    case notASocket(path: String)
    /// `sockaddr_un` holds 107 bytes.
    case pathTooLong(path: String)
    case cannotListen(ListenAddress, errno: Int32)
    /// libmicrohttpd's own last words.
    case cannotStart(ListenAddress, String)
    case noThread(errno: Int32)

    public var description: String {
        switch self {
        case .addressInUse(let address):
            "\(address) is already in use; stop what listens there or choose another address"
        case .permissionDenied(let address):
            "\(address) may not be listened on by this user; choose a port above 1023 or a path in a writable directory"
        case .addressNotAvailable(let address):
            "\(address) is not an address of this machine; choose one that `ip address` lists, or leave the host out for all"
        case .notASocket(let path): "\(path.debugDescription) exists and is not a socket; move it or choose another path"
        case .pathTooLong(let path): "\(path.debugDescription) is longer than 107 bytes; choose a shorter path for the socket"
        case .cannotListen(let address, let errno): "cannot listen on \(address): \(String(cString: strerror(errno)))"
        case .cannotStart(let address, let reason): "cannot serve \(address): \(reason)"
        case .noThread(let errno): "cannot start a thread: \(String(cString: strerror(errno)))"
        }
    }
}
