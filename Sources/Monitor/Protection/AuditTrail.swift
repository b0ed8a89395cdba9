import Kernel
public import Store
import Synchronization

/// Where every change and every refused attempt is written down: in the store first, then for whoever listens.
public final class AuditTrail: Sendable {
    public let store: ProtectionStore
    /// Told of each entry that is in the store: the journal. Of two that are written at the same time, either may be first.
    private let onEntry: @Sendable (AuditEntry) -> Void
    /// Told when the store begins to fail, or fails in another way, and with nil when it is well again.
    private let onFailure: @Sendable (StoreError?) -> Void
    private let pending = Mutex(PendingChanges())

    /// Apart from `pending`, which is held while the disk takes what it takes: a scrape asks for these.
    private let health = Mutex(Health())

    private struct Health {
        var writeErrors = 0
        var lost = 0
        var hasPending = false
        var failure: StoreError?
    }

    public init(
        store: ProtectionStore, onEntry: @escaping @Sendable (AuditEntry) -> Void = { _ in },
        onFailure: @escaping @Sendable (StoreError?) -> Void = { _ in }
    ) {
        self.store = store
        self.onEntry = onEntry
        self.onFailure = onFailure
    }

    /// How often the store refused.
    public var writeErrors: Int { health.withLock { $0.writeErrors } }

    /// Why the last write failed; nil where it did not.
    public var failure: StoreError? { health.withLock { $0.failure } }

    /// Whether something waits to be written.
    var hasPending: Bool { health.withLock { $0.hasPending } }

    /// Entries that were given up, because more waited to be written than memory has room for.
    public var lost: Int { health.withLock { $0.lost } }
}

extension AuditTrail {
    /// For what may not be done without being written down.
    ///
    /// - Throws: where it could not be written; then it is not remembered either.
    public func require(_ changes: [ProtectionChange]) throws(StoreError) {
        let result: Result<[AuditEntry], StoreError> = pending.withLock { pending in write(pending.all + changes, &pending) }
        tell(try result.get())
    }

    /// For what is done in any case: it is written now or, where that fails, with what follows or by `flush()`.
    public func note(_ changes: [ProtectionChange]) {
        guard !changes.isEmpty else { return }
        let entries = pending.withLock { pending in
            pending.add(changes)
            return write(pending.all, &pending).value ?? []
        }
        tell(entries)
    }

    public func note(_ entry: AuditEntry) { note([.audit(entry)]) }

    /// Tries again what could not be written.
    public func flush() {
        let entries = pending.withLock { pending in pending.isEmpty ? [] : write(pending.all, &pending).value ?? [] }
        tell(entries)
    }

    private func write(
        _ changes: [ProtectionChange], _ pending: inout PendingChanges
    ) -> Result<[AuditEntry], StoreError> {
        defer { health.withLock { ($0.lost, $0.hasPending) = (pending.lost, !pending.isEmpty) } }
        do throws(StoreError) {
            let entries = try store.write(changes)
            pending.removeAll()
            note(nil)
            return .success(entries)
        } catch {
            note(error)
            return .failure(error)
        }
    }

    private func note(_ failure: StoreError?) {
        let isNews = health.withLock { health in
            defer { health.failure = failure }
            if failure != nil { health.writeErrors += 1 }
            return health.failure?.reason != failure?.reason
        }
        if isNews { onFailure(failure) }
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
