import Synchronization

/// How streams fare, read without a lock.
public final class StreamCounts: Sendable {
    private let open = Atomic<Int>(0)
    private let cut = Atomic<Int>(0)
    private let pending = Atomic<Int>(0)

    public init() {}

    /// Streams that are open now.
    public var clients: Int { open.load(ordering: .relaxed) }
    /// Those that were cut off because they did not read.
    public var cutOff: Int { cut.load(ordering: .relaxed) }
    /// Bytes that wait for all of them.
    public var backlog: Int { pending.load(ordering: .relaxed) }

    func begin() { open.add(1, ordering: .relaxed) }
    func end() { open.subtract(1, ordering: .relaxed) }
    func cutOne() { cut.add(1, ordering: .relaxed) }
    func add(_ bytes: Int) { pending.add(bytes, ordering: .relaxed) }
}
