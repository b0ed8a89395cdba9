public import Diagnosis
import Host
public import Kernel
import Synchronization

/// The policies in force: those put over the API, which are kept in the state directory, and those of the administrator's file.
///
/// Where both have one of the same name, the file's counts, and the other comes back when the file has it no more.
public final class PolicyBook: Sendable {
    /// Nil where they are kept in memory only.
    private let statePath: String?
    public let filePath: String?
    private let state: Mutex<State>
    /// Held while files are read and written, so that two changes cannot overtake each other.
    private let writing = Mutex(())

    struct State: Sendable {
        var api: [ProtectionPolicy] = [] { didSet { merge() } }
        var file: [ProtectionPolicy] = [] { didSet { merge() } }
        var fileFailure: SourceError?
        /// In force, by name.
        private(set) var policies: [ProtectionPolicy] = []

        private mutating func merge() {
            let names = Set(file.map(\.name))
            policies = (file + api.filter { !names.contains($0.name) }).sorted { $0.name < $1.name }
        }
    }

    /// - Throws: where the one file or the other is there but not as it should be: no policy is better than half of them.
    public init(stateDirectory: String? = nil, file: String? = nil) throws(SourceError) {
        statePath = stateDirectory.map { $0 + "/policies.yaml" }
        filePath = file
        var state = State()
        if let path = statePath, FileSystem.exists(path) {
            state.api = try PolicyFile.read(path).map {
                var policy = $0
                policy.source = .api
                return policy
            }
        }
        if let file { state.file = try PolicyFile.read(file) }
        self.state = Mutex(state)
    }

    public enum Change: Hashable, Sendable {
        case created, changed, unchanged
    }
}

/// Why a policy was not put or deleted.
public enum PolicyError: Error, Hashable, Sendable {
    /// It is in the administrator's file, and is changed there.
    case fromFile(String)
    case noSuchPolicy(String)
    case tooMany
    /// The state directory did not take it.
    case notKept(SourceError)
}

extension PolicyBook {
    public var policies: [ProtectionPolicy] { state.withLock { $0.policies } }

    public subscript(name: String) -> ProtectionPolicy? { policies.first { $0.name == name } }

    /// Why the file that is there now is not the one in force.
    public var fileFailure: SourceError? { state.withLock { $0.fileFailure } }

    /// What `put` would say; nothing is changed.
    public func checkPut(_ policy: ProtectionPolicy) throws(PolicyError) -> Change {
        let state = state.withLock { $0 }
        if state.file.contains(where: { $0.name == policy.name }) { throw .fromFile(policy.name) }
        if let before = state.api.first(where: { $0.name == policy.name }) { return before == policy ? .unchanged : .changed }
        guard state.policies.count < PolicySet.most else { throw .tooMany }
        return .created
    }

    public func put(_ policy: ProtectionPolicy) throws(PolicyError) -> Change {
        try writing.withLock { _ throws(PolicyError) in
            let change = try checkPut(policy)
            if change != .unchanged { try keep(state.withLock { $0.api }.filter { $0.name != policy.name } + [policy]) }
            return change
        }
    }

    public func delete(_ name: String) throws(PolicyError) -> ProtectionPolicy {
        try writing.withLock { _ throws(PolicyError) in
            let state = state.withLock { $0 }
            if state.file.contains(where: { $0.name == name }) { throw .fromFile(name) }
            guard let policy = state.api.first(where: { $0.name == name }) else { throw .noSuchPolicy(name) }
            try keep(state.api.filter { $0.name != name })
            return policy
        }
    }

    /// Reads the file again. Where it is broken, the old policies stay in force.
    public func reload() throws(SourceError) {
        guard let filePath else { return }
        try writing.withLock { _ throws(SourceError) in
            do throws(SourceError) {
                let policies = try PolicyFile.read(filePath)
                state.withLock { ($0.file, $0.fileFailure) = (policies, nil) }
            } catch {
                state.withLock { $0.fileFailure = error }
                throw error
            }
        }
    }

    /// On the disk first: what is in force is never less than what a restart would find.
    private func keep(_ policies: [ProtectionPolicy]) throws(PolicyError) {
        do throws(SourceError) {
            if let statePath {
                let bytes = ProtectionPolicy.file(of: policies.sorted { $0.name < $1.name })
                // With what the next start could not read there would be none.
                _ = try PolicyFile.policies(in: bytes, of: statePath)
                let file = try StateFile(replacing: statePath)
                try file.append(bytes)
                try file.commit()
            }
        } catch { throw .notKept(error) }
        state.withLock { $0.api = policies }
    }
}
