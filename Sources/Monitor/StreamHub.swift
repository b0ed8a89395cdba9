import Synchronization

/// Hands every event that is published to all who listen, each with a number that only grows.
///
/// Who listens names the last number that it has seen: between what it is given of the past and what follows there is no gap,
/// and nothing comes twice. A listener is called under the hub's lock, so it must not wait for anything.
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

    public typealias Listener = @Sendable (Entry) -> Void

    private let capacity: Int
    private let readPast: (@Sendable (_ after: Int, _ before: Int) -> [Entry])?
    private let state: Mutex<State>
    /// Beside the lock, so that who only counts does not wait for who is told.
    private let listenerCount = Atomic<Int>(0)

    private struct State: Sendable {
        var recent: [Entry] = []
        var next: Int
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
    }

    /// - Parameters:
    ///   - seq: the last number that was given away by earlier runs; 0 for none.
    ///   - capacity: how many events are kept here.
    ///   - readPast: older ones, with numbers between the two, in their order; asked before anybody is locked out.
    public init(after seq: Int = 0, capacity: Int = 1_000, readPast: (@Sendable (Int, Int) -> [Entry])? = nil) {
        self.capacity = capacity
        self.readPast = readPast
        state = Mutex(State(next: seq + 1))
    }

    /// - Parameter seq: its number where somebody else counts; it must be larger than all before it.
    @discardableResult
    public func publish(_ event: Event, seq: Int? = nil) -> Int {
        state.withLock { state in
            let entry = Entry(seq: max(seq ?? state.next, state.next), event: event)
            state.next = entry.seq + 1
            state.recent.append(entry)
            if state.recent.count > capacity { state.recent.removeFirst(state.recent.count - capacity) }
            for listener in state.listeners.values { listener(entry) }
            return entry.seq
        }
    }

    /// - Parameter seq: what the listener has seen last; nil for nothing of the past.
    /// - Returns: what ends it.
    public func listen(after seq: Int?, _ listener: @escaping Listener) -> @Sendable () -> Void {
        let oldest = state.withLock { $0.recent.first?.seq ?? $0.next }
        if let seq, let readPast, seq < oldest - 1 { for entry in readPast(seq, oldest) { listener(entry) } }
        let number = state.withLock { state in
            if let seq {
                let seen = max(seq, oldest - 1)
                for entry in state.recent where entry.seq > seen { listener(entry) }
            }
            defer { state.nextListener += 1 }
            state.listeners[state.nextListener] = listener
            listenerCount.store(state.listeners.count, ordering: .relaxed)
            return state.nextListener
        }
        return { [weak self] in self?.remove(number) }
    }

    private func remove(_ number: Int) {
        state.withLock { state in
            state.listeners[number] = nil
            listenerCount.store(state.listeners.count, ordering: .relaxed)
        }
    }

    public var listeners: Int { listenerCount.load(ordering: .relaxed) }

    /// The number of the last event; what an empty hub was begun with.
    public var last: Int { state.withLock { $0.next - 1 } }
}
