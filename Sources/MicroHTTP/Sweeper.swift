import CMicroHTTPD
import Glibc
import Synchronization

/// The thread that ends connections whose clients are overdue: libmicrohttpd's own timeout is for silence only, and one
/// byte now and then holds a connection open for hours.
final class Sweeper: Sendable {
    private let service: Service
    private let wake: Int32
    private let thread = Mutex<pthread_t?>(nil)

    init(_ service: Service) throws(ServerError) {
        self.service = service
        wake = eventfd(0, Int32(EFD_CLOEXEC))
        guard wake >= 0 else { throw .noThread(errno: errno) }
        var started = pthread_t()
        let result = pthread_create(&started, nil, runSweeper, Unmanaged.passUnretained(self).toOpaque())
        guard result == 0 else { throw .noThread(errno: result) }
        let handle = started
        thread.withLock { $0 = handle }
    }

    deinit { close(wake) }

    /// Returns when the thread has ended.
    func stop() {
        guard let handle = thread.withLock({ $0.take() }) else { return }
        eventfd_write(wake, 1)
        pthread_join(handle, nil)
    }

    fileprivate func run() {
        while !isWokenWithin(service.limits.sweepMilliseconds) {
            for (overdue, peer) in service.clients.cutOverdue(at: Monotonic.now(), service.limits) {
                service.events(.overdue(overdue, peer))
            }
            service.streams.beat(at: Monotonic.now())
        }
    }

    private func isWokenWithin(_ milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }
}

private func runSweeper(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<Sweeper>.fromOpaque(context).takeUnretainedValue().run() }
    return nil
}

extension Limits {
    /// A tenth of the shortest deadline, so that none is exceeded by much.
    fileprivate var sweepMilliseconds: Int32 {
        let shortest = min(headDeadline, bodyGrace, answerDeadline, streamHeartbeat)
        return Int32(min(max(shortest / .milliseconds(10), 20), 1000))
    }
}
