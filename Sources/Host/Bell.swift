import Glibc
public import Kernel

/// Wakes a thread that waits for work, as often as there is some.
public final class Bell: Sendable {
    private let descriptor: FileDescriptor
    private let sender: FileDescriptor

    /// - Throws: `SourceError` when the process has no descriptor left.
    public init() throws(SourceError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SourceError(path: "pipe", errno: errno) }
        descriptor = FileDescriptor(adopting: ends[0])
        sender = FileDescriptor(adopting: ends[1])
        for end in ends {
            guard fcntl(end, F_SETFD, FD_CLOEXEC) == 0, fcntl(end, F_SETFL, O_NONBLOCK) == 0 else {
                throw SourceError(path: "pipe", errno: errno)
            }
        }
    }

    /// Never blocks. Where the pipe is full, it has been rung often enough.
    public func ring() {
        _ = retryingInterrupts { write(sender.raw, [1], 1) }
    }

    /// What becomes readable when it is rung, for a wait for other things as well.
    var waiting: Int32 { descriptor.raw }

    /// Blocks until it is rung, `stop` is raised or the time is over.
    ///
    /// - Returns: false where `stop` is raised.
    public func wait(until stop: WakeUp, for timeout: Nanoseconds?) throws(SourceError) -> Bool {
        let ready = try waitForInput(on: [stop.descriptor.raw, descriptor.raw], for: timeout)
        var rung = [UInt8](repeating: 0, count: 64)
        if ready.contains(descriptor.raw) { _ = retryingInterrupts { read(descriptor.raw, &rung, rung.count) } }
        return !ready.contains(stop.descriptor.raw)
    }
}
