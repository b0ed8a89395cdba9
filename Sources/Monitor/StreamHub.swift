import Synchronization

/// Hands every event that is published to all who listen, each with a number that only grows.
///
/// It keeps nothing that somebody else keeps. Who comes back reads there what it has missed, and then listens: `listen` is
/// refused where something was published meanwhile, so that there is no gap, and tells nobody what it has seen, so that
/// nothing comes twice. A listener is called under the hub's lock, so it must not wait for anything.
public final class StreamHub<Event: Sendable>: Sendable {
    /// An event and its place.
    public struct Entry: Sendable {
        public let seq: Int
        public let event: Event

        public init(seq: Int, event: Event) {
            self.seq = seq
            self.event = event
        }
    }

    /// How much had been published when it was taken.
    public struct Mark: Equatable, Sendable {
        fileprivate let count: Int
    }

    public typealias Listener = @Sendable (Entry) -> Void

    private let capacity: Int
    private let state = Mutex(State())

    private struct State: Sendable {
        var remembered: [Entry] = []
        var count = 0
        var listeners: [Int: (seen: Int, tell: Listener)] = [:]
        var nextListener = 0
    }

    /// - Parameter capacity: how many are remembered of those that nobody else keeps.
    public init(capacity: Int = 100) { self.capacity = capacity }

    /// - Parameters:
    ///   - seq: larger than all before it.
    ///   - isRemembered: nobody else keeps it.
    public func publish(_ event: Event, seq: Int, isRemembered: Bool = false) {
        state.withLock { state in
            let entry = Entry(seq: seq, event: event)
            state.count += 1
            if isRemembered {
                state.remembered.append(entry)
                if state.remembered.count > capacity { state.remembered.removeFirst() }
            }
            for listener in state.listeners.values where listener.seen < seq { listener.tell(entry) }
        }
    }

    /// Those after `seq` that are remembered here; what is kept elsewhere is to be read after this, and before `listen`.
    public func remembered(after seq: Int) -> (entries: [Entry], mark: Mark) {
        state.withLock { state in (state.remembered.filter { $0.seq > seq }, Mark(count: state.count)) }
    }

    /// - Parameters:
    ///   - seen: the last number that the listener has been told of elsewhere.
    ///   - mark: of when that was looked up; nil for who wants what is to come only.
    /// - Returns: what ends it; nil where something has been published since `mark`.
    public func listen(
        after seen: Int = 0, since mark: Mark? = nil, _ listener: @escaping Listener
    ) -> (@Sendable () -> Void)? {
        let number = state.withLock { state -> Int? in
            guard mark.map({ $0.count == state.count }) ?? true else { return nil }
            defer { state.nextListener += 1 }
            state.listeners[state.nextListener] = (seen, listener)
            return state.nextListener
        }
        guard let number else { return nil }
        return { [weak self] in _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) } }
    }

    public var listeners: Int { state.withLock { $0.listeners.count } }
}
