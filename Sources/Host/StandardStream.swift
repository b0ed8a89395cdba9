import Glibc

/// Where a program's words go.
public enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Opens /dev/null where a stream was closed by whoever started us; else the next file or socket would have its number, and
    /// be sent what is meant for people.
    public static func fillGaps() {
        var opened = open("/dev/null", O_RDWR)
        while opened >= 0, opened <= StandardStream.error.rawValue { opened = open("/dev/null", O_RDWR) }
        if opened >= 0 { close(opened) }
    }

    /// Writes all of it, however long the reader takes; for commands that print and end.
    ///
    /// - Returns: false where nobody reads any more, or the disk is full.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                retryingInterrupts { Glibc.write(rawValue, buffer.baseAddress?.advanced(by: written), buffer.count - written) }
            }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Writes a line if that can be done at once, and nothing of it otherwise: a thread that serves clients must not wait
    /// for whoever reads a log. A pipe that is ready takes PIPE_BUF (4 KiB) without blocking; longer lines are cut.
    ///
    /// - Returns: false where the line was dropped.
    public func writeLineWithoutWaiting(_ line: [UInt8]) -> Bool {
        var ready = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        guard poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLOUT) != 0 else { return false }
        let whole = line.prefix(Int(PIPE_BUF) - 1) + [UInt8(ascii: "\n")]
        return Array(whole).withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) } == whole.count
    }
}
