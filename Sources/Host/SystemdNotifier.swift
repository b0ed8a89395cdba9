import Glibc
public import Kernel

/// systemd, as far as a service talks to it: one datagram to the socket that it named (sd_notify(3)).
public struct SystemdNotifier: Sendable {
    private let address: String?
    /// Half the time in which systemd wants to hear from us; nil where it does not watch.
    public let watchdogInterval: Nanoseconds?
    /// Whether stderr goes to the journal, which understands priorities.
    public let hasJournal: Bool

    public init() {
        address = environment("NOTIFY_SOCKET")
        watchdogInterval = Self.watchdogInterval
        hasJournal = environment("JOURNAL_STREAM") != nil
    }

    /// The variables may be inherited from a service that started us: they are ours only with our number (sd_watchdog_enabled(3)).
    private static var watchdogInterval: Nanoseconds? {
        if let process = environment("WATCHDOG_PID"), process != String(getpid()) { return nil }
        guard let microseconds = environment("WATCHDOG_USEC").flatMap(Int.init), microseconds > 1 else { return nil }
        return Nanoseconds(min(microseconds / 2, Int.max / 1000) * 1000)
    }

    /// Sends `READY=1`, `STOPPING=1` or `WATCHDOG=1`; without systemd, nothing.
    ///
    /// - Throws: where systemd named a socket, but it takes nothing.
    public func notify(_ state: String) throws(SourceError) {
        guard let address else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SourceError(path: address, errno: errno) }
        defer { close(descriptor) }
        let text = Array(state.utf8)
        let sent = withSocketAddress(address) { name, length in
            sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), name, length)
        }
        guard sent == text.count else { throw SourceError(path: address, errno: errno) }
    }

    /// A name that begins with `@` is one without a file (unix(7), abstract).
    private func withSocketAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int) -> Int {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1))
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
