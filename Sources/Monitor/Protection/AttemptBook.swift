public import Kernel
public import Store
import Synchronization

/// Writes refused attempts down, as far as they do not fill the disk: so many a minute of each client, so many of all, and beyond
/// that they are counted.
public final class AttemptBook: Sendable {
    public let trail: AuditTrail
    private let now: @Sendable () -> Nanoseconds
    private let state = Mutex(State())

    public static let perClient = 20
    public static let ofAll = 200
    private static let minute = 60_000_000_000

    private struct State {
        var startedAt: Nanoseconds?
        var kept: [String: Int] = [:]
        var keptOfAll = 0
        var notKept = 0
    }

    /// - Parameter now: a clock that never steps back.
    public init(trail: AuditTrail, now: @escaping @Sendable () -> Nanoseconds) {
        self.trail = trail
        self.now = now
    }

    /// How many were only counted, since the start.
    public var notKept: Int { state.withLock { $0.notKept } }

    /// - Parameter client: whose share of the minute it is.
    public func note(by client: String, _ entry: () -> AuditEntry) {
        guard mayKeep(client) else { return }
        trail.note(entry())
    }

    private func mayKeep(_ client: String) -> Bool {
        let now = now()
        return state.withLock { state in
            if state.startedAt.map({ now.count - $0.count >= Self.minute }) ?? true {
                (state.startedAt, state.kept, state.keptOfAll) = (now, [:], 0)
            }
            guard state.keptOfAll < Self.ofAll, state.kept[client, default: 0] < Self.perClient else {
                state.notKept += 1
                return false
            }
            state.kept[client, default: 0] += 1
            state.keptOfAll += 1
            return true
        }
    }
}
