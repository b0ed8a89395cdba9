import Kernel
public import Store
import Synchronization

/// Where every change and every refused attempt is written down: in the store first, then for whoever listens.
public final class AuditTrail: Sendable {
    public let store: ProtectionStore
    /// Told of each entry that is in the store, in their order: the journal.
    private let onEntry: @Sendable (AuditEntry) -> Void
    private let state = Mutex(State())

    private struct State {
        /// What could not be written yet, in its order.
        var pending: [ProtectionChange] = []
    }

    /// Apart from `state`, which is held while the disk takes what it takes: a scrape asks for these.
    private let health = Mutex(Health())

    private struct Health {
        var writeErrors = 0
        var lastError: StoreError?
    }

    /// Beyond that the oldest are lost, and said to be: the daemon must not grow without end on a full disk.
    private static let mostPending = 20_000

    public init(store: ProtectionStore, onEntry: @escaping @Sendable (AuditEntry) -> Void = { _ in }) {
        self.store = store
        self.onEntry = onEntry
    }

    /// How often the store refused.
    public var writeErrors: Int { health.withLock { $0.writeErrors } }

    /// Why the last write failed; nil where it did not.
    public var failure: StoreError? { health.withLock { $0.lastError } }
}

extension AuditTrail {
    /// For what may not be done without being written down.
    ///
    /// - Throws: where it could not be written; then it is not remembered either.
    public func require(_ changes: [ProtectionChange]) throws(StoreError) {
        let result: Result<[AuditEntry], StoreError> = state.withLock { state in
            write(state.pending + changes, &state)
        }
        tell(try result.get())
    }

    /// For what is done in any case: it is written now or, where that fails, with what follows.
    public func note(_ changes: [ProtectionChange]) {
        guard !changes.isEmpty else { return }
        let entries = state.withLock { state in
            state.pending += changes
            let overflow = state.pending.count - Self.mostPending
            if overflow > 0 { state.pending.removeFirst(overflow) }
            return write(state.pending, &state).value ?? []
        }
        tell(entries)
    }

    public func note(_ entry: AuditEntry) { note([.audit(entry)]) }

    private func write(_ changes: [ProtectionChange], _ state: inout State) -> Result<[AuditEntry], StoreError> {
        do throws(StoreError) {
            let entries = try store.write(changes)
            state.pending = []
            health.withLock { $0.lastError = nil }
            return .success(entries)
        } catch {
            health.withLock { ($0.writeErrors, $0.lastError) = ($0.writeErrors + 1, error) }
            return .failure(error)
        }
    }

    private func tell(_ entries: [AuditEntry]) { entries.forEach(onEntry) }
}

extension AuditEntry {
    /// `a-9f31c0d27b54e8a1`: what the entries of one action have in common.
    public static func newAction() -> String { "a-" + randomDigits(16) }

    static func randomDigits(_ count: Int) -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String((String(repeating: "0", count: 16) + digits).suffix(count))
    }
}
