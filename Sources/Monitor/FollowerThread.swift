import Glibc
import Host
import Kernel

/// A thread that lives until it is told to end; what it runs must watch the wake-up that it is given.
///
/// It inherits the signal mask of the thread that starts it.
struct FollowerThread: Sendable {
    private let stop: WakeUp
    private let handle: pthread_t

    private static let stack = Bytes(kibibytes: 256)

    init(_ run: @escaping @Sendable (WakeUp) -> Void) throws(SourceError) {
        let stop = try WakeUp()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stack.count)
        let body = Unmanaged.passRetained(Body { run(stop) })
        var handle = pthread_t()
        let failure = pthread_create(&handle, &attributes, runBody, body.toOpaque())
        guard failure == 0 else {
            body.release()
            throw .unreadable(path: "thread", errno: failure)
        }
        self.stop = stop
        self.handle = handle
    }

    /// Returns when it has ended.
    func end() {
        stop.raise()
        pthread_join(handle, nil)
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runBody(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let body else { return nil }
    Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run()
    return nil
}
