public import Diagnosis
import Host
public import Kernel
public import Store

/// Changes policies for somebody: the book first, then the machine, and who did it is written down, as is who was refused.
public struct PolicyControl: Sendable {
    public let book: PolicyBook
    public let engine: PolicyEngine
    public let feed: ProcessFeed
    private let now: @Sendable () -> Timestamp
    private let note: @Sendable (AuditEntry) -> Void

    public init(
        book: PolicyBook, engine: PolicyEngine, feed: ProcessFeed, note: @escaping @Sendable (AuditEntry) -> Void = { _ in },
        now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.book = book
        self.engine = engine
        self.feed = feed
        self.now = now ?? { .now }
        self.note = note
    }

    public func put(_ policy: ProtectionPolicy, by who: AuditEntry.Who) throws(PolicyError) -> PolicyBook.Change {
        var entry = entry(.putPolicy, by: who)
        entry.policy = policy.name
        entry.before = book[policy.name]?.adjustment
        entry.after = policy.adjustment
        return try recorded(entry) { () throws(PolicyError) in
            let change = try book.put(policy)
            if change != .unchanged { engine.policiesChanged() }
            return change
        }
    }

    public func delete(_ name: String, by who: AuditEntry.Who) throws(PolicyError) -> ProtectionPolicy {
        var entry = entry(.deletePolicy, by: who)
        entry.policy = name
        return try recorded(entry) { () throws(PolicyError) in
            let policy = try book.delete(name)
            engine.policiesChanged()
            return policy
        }
    }

    /// Reads the policy file again. Where it is broken, the policies from before stay in force.
    public func reload(by who: AuditEntry.Who) throws(SourceError) {
        var entry = entry(.reload, by: who)
        do throws(SourceError) { try book.reload() } catch {
            (entry.result, entry.detail) = (.failed, error.sentence)
            note(entry)
            throw error
        }
        engine.policiesChanged()
        note(entry)
    }

    /// How the sources stand that are there for policies' sake.
    public var states: [(source: SourceHealth.Source, failure: SourceError?)] {
        feed.states + (book.filePath == nil ? [] : [(.policyFile, book.fileFailure)]) + engine.states
    }

    private func recorded<Value>(_ entry: AuditEntry, _ act: () throws(PolicyError) -> Value) throws(PolicyError) -> Value {
        var entry = entry
        do throws(PolicyError) {
            let value = try act()
            note(entry)
            return value
        } catch {
            (entry.result, entry.detail) = (.refused, "\(error)")
            note(entry)
            throw error
        }
    }

    private func entry(_ verb: AuditEntry.Verb, by who: AuditEntry.Who) -> AuditEntry {
        AuditEntry(at: now(), who: who, verb: verb, result: .done, action: AuditEntry.newAction())
    }
}

extension PolicyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fromFile(let name): "policy \(quoted(name)) is in the daemon's policy file"
        case .noSuchPolicy(let name): "there is no policy \(quoted(name))"
        case .tooMany: "there are \(PolicySet.most) policies already, and every process is compared with each"
        case .notKept(let error):
            "the policy could not be written to the state directory (\(error.reason)); nothing was changed"
        }
    }
}
