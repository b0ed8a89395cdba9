import Synchronization

/// Takes a client off the hub when its stream ends, also where that is before it was known how.
final class StreamEnd: Sendable {
    private let state = Mutex<State>(.waiting)

    private enum State: Sendable {
        case waiting
        case known(@Sendable () -> Void)
        case ended
    }

    func set(_ stop: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if case .ended = state { return true }
            state = .known(stop)
            return false
        }
        if isOver { stop() }
    }

    func end() {
        let stop = state.withLock { state in
            defer { state = .ended }
            return if case .known(let stop) = state { stop } else { nil as (@Sendable () -> Void)? }
        }
        stop?()
    }
}
