import Glibc
import Host
public import Kernel
import Synchronization

/// One thread for everything slow, such as writing to a disk: jobs are done one after the other, in their order.
public final class Worker: Sendable {
    private let queue: Queue
    private let thread = Mutex<FollowerThread?>(nil)

    /// - Parameter limit: of jobs that wait; a further one is refused.
    public init(limit: Int = 100) { queue = Queue(limit: limit) }

    public func start() throws(SourceError) {
        let started = try FollowerThread { [queue] _ in while let job = queue.next() { job() } }
        thread.withLock { $0 = started }
    }

    /// False where there is no room for it, or the worker is ending.
    @discardableResult
    public func add(_ job: @escaping @Sendable () -> Void) -> Bool { queue.add(job) }

    /// Does what is waiting and returns when the thread has ended.
    public func stop() {
        queue.finish()
        thread.withLock { $0.take()?.end() }
    }
}

private final class Queue: Sendable {
    private let limit: Int
    private let state = Mutex(State())
    private let count: Semaphore = Semaphore()

    private struct State: Sendable {
        var jobs: [@Sendable () -> Void] = []
        var isFinished = false
    }

    init(limit: Int) { self.limit = limit }

    func add(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isFinished, state.jobs.count < limit else { return false }
            state.jobs.append(job)
            return true
        }
        if isTaken { count.post() }
        return isTaken
    }

    /// Waits for one; nil when there will be none.
    func next() -> (@Sendable () -> Void)? {
        count.wait()
        return state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
    }

    func finish() {
        state.withLock { $0.isFinished = true }
        count.post()
    }
}

/// A number that a thread waits for in the kernel, without a wake-up before its time.
private final class Semaphore: @unchecked Sendable {
    private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(raw, 0, 0) }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    func post() { sem_post(raw) }

    func wait() { while sem_wait(raw) != 0, errno == EINTR {} }
}
