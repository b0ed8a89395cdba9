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

    /// - Parameter name: at most 15 bytes, for `top -H`.
    init(named name: StaticString, _ run: @escaping @Sendable (WakeUp) -> Void) throws(SourceError) {
        let stop = try WakeUp()
        let body = Unmanaged.passRetained(
            Body {
                OwnProcess.nameThread(name)
                run(stop)
            })
        var handle = pthread_t()
        let failure = Self.create(&handle, body.toOpaque())
        guard failure == 0 else {
            body.release()
            throw .unreadable(path: "thread", errno: failure)
        }
        self.stop = stop
        self.handle = handle
    }

    /// The attributes are not made by `pthread_attr_t()`: that initializer belongs to whichever C library's module saw the type
    /// first, and may be out of sight here.
    private static func create(_ handle: inout pthread_t, _ body: UnsafeMutableRawPointer) -> Int32 {
        withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { memory in
            guard let attributes = memory.baseAddress else { return ENOMEM }
            let failure = pthread_attr_init(attributes)
            guard failure == 0 else { return failure }
            defer { pthread_attr_destroy(attributes) }
            pthread_attr_setstacksize(attributes, stack.count)
            return pthread_create(&handle, attributes, runBody, body)
        }
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
