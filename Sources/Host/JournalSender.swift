import Glibc
public import Kernel

/// systemd's journal, as far as a program writes entries with fields into it: one datagram each, in its native protocol
/// (systemd's docs/JOURNAL_NATIVE_PROTOCOL.md).
public final class JournalSender: Sendable {
    /// Where journald listens.
    public static let standardPath = "/run/systemd/journal/socket"

    private let path: String
    private let descriptor: Int32

    /// - Throws: where no socket can be made; that there is no journal is said by `send`.
    public init(path: String = JournalSender.standardPath) throws(SourceError) {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
    }

    deinit { close(descriptor) }

    /// Never waits: an entry that the journal cannot take at once is lost for it.
    ///
    /// - Parameter fields: names of capitals, digits and `_`; values may hold any bytes.
    /// - Throws: `.absent` where no journal listens.
    public func send(_ fields: [(name: String, value: [UInt8])]) throws(SourceError) {
        let datagram = Self.datagram(fields)
        let sent = withUnixAddress(path) { name, length in
            retryingInterrupts {
                sendto(descriptor, datagram, datagram.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), name, length)
            }
        }
        guard sent == datagram.count else { throw SourceError(path: path, errno: errno) }
    }

    /// `NAME=value`; a value with a line break is said by its length instead, 64 bits with the lowest byte first.
    static func datagram(_ fields: [(name: String, value: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += name.utf8
            if value.contains(UInt8(ascii: "\n")) {
                bytes.append(UInt8(ascii: "\n"))
                withUnsafeBytes(of: UInt64(value.count).littleEndian) { bytes += $0 }
            } else {
                bytes.append(UInt8(ascii: "="))
            }
            bytes += value
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}

/// A path too long for the address is cut, and then names nothing.
private func withUnixAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int) -> Int {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
}
