import Glibc
public import Kernel
import Synchronization

/// Ends the wait of a thread that is blocked in poll(2), once and for all.
public final class WakeUp: Sendable {
    let descriptor: FileDescriptor
    private let sender: FileDescriptor
    private let raised = Atomic(false)

    /// - Throws: `SourceError` when the process has no descriptor left.
    public init() throws(SourceError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SourceError(path: "pipe", errno: errno) }
        descriptor = FileDescriptor(adopting: ends[0])
        sender = FileDescriptor(adopting: ends[1])
        for end in ends {
            guard fcntl(end, F_SETFD, FD_CLOEXEC) == 0 else { throw SourceError(path: "pipe", errno: errno) }
        }
    }
}

extension WakeUp {
    public var isRaised: Bool { raised.load(ordering: .acquiring) }

    public func raise() {
        guard !raised.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // The pipe is empty and its reading end is ours, so one byte always fits.
        _ = retryingInterrupts { write(sender.raw, [1], 1) }
    }

    /// Blocks until it is raised (true), at most for `timeout` (false).
    public func wait(for timeout: Nanoseconds?) throws(SourceError) -> Bool {
        try waitForInput(on: [descriptor.raw], for: timeout).contains(descriptor.raw)
    }
}

extension FileDescriptor {
    /// From now on it is this value that closes `raw`.
    init(adopting raw: Int32) { self.raw = raw }
}

/// Those of `descriptors` that have something to be read, or an error that a read will tell; none when the time is over.
func waitForInput(on descriptors: [Int32], for timeout: Nanoseconds?) throws(SourceError) -> [Int32] {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let milliseconds = timeout.map { Int32(clamping: ($0.count / 1_000_000) + 1) } ?? -1
    let count = retryingInterrupts { Int(poll(&polled, nfds_t(polled.count), milliseconds)) }
    guard count >= 0 else { throw SourceError(path: "poll", errno: errno) }
    return polled.filter { $0.revents != 0 }.map(\.fd)
}
