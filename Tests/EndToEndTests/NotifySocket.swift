import Foundation
import Support

/// The other end of NOTIFY_SOCKET (sd_notify(3)).
final class NotifySocket {
    /// For the environment; a name without a file begins with `@`.
    let name: String
    private let descriptor: Int32
    private let directory: TemporaryDirectory

    init(isAbstract: Bool) throws {
        directory = try TemporaryDirectory()
        name = (isAbstract ? "@" : "") + directory.path + "/notify"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.replacing("@", with: "\0").utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw RunningProgram.Failure("bind: \(String(cString: strerror(errno)))") }
    }

    /// The next state that it is told, within 10 s.
    func next() throws -> String {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Foundation.poll(&poll, 1, 10_000) == 1 else { throw RunningProgram.Failure("systemd was told nothing") }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
    }

    deinit { close(descriptor) }
}
