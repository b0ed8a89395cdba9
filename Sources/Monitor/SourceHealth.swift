import Glibc
public import Host
public import Kernel
public import Logging
import Synchronization

/// Logs one line when a source fails, and one when it is well again; knows how those stand that no snapshot has.
public final class SourceHealth: Sendable {
    private let logger: Logger
    private let wasWell = Atomic<Bool>(true)
    private let state = Mutex(State())

    /// The sources beside those of a snapshot and the kernel's log.
    public enum Source: String, Sendable {
        /// Which kernel runs, read once.
        case osrelease
        /// The listing of all processes.
        case processes
        /// What this program uses itself.
        case own = "self"
        /// systemd's journal, where there is one.
        case journal
        /// The syslog file, where there is one and it is needed.
        case syslog
        /// The flight recorder's own readings; not of another machine's files.
        case recorder
        /// The kernel's news of processes; only while a lease or a policy needs it.
        case processEvents = "process_events"
        /// The administrator's policies, where he has a file of them.
        case policyFile = "policy_file"
        /// The look at processes that policies take, where there are policies.
        case policies
        /// The users that policies name, where they do.
        case users
        /// The store of leases and audit, without which nothing is protected; not of another machine's files.
        case leases

        /// Those that every machine has.
        public static let always: [Source] = [.osrelease, .processes, .own]
    }

    private struct State: Sendable {
        var failures: [String: SourceError] = [:]
        /// How the first process that was not understood failed.
        var firstProcess: SourceError?
    }

    public init(logger: Logger) { self.logger = logger }

    public func note(_ snapshot: Snapshot) {
        // Nearly always all is well, and was.
        let isWell = snapshot.failures.isEmpty
        if isWell, wasWell.exchange(true, ordering: .acquiringAndReleasing) { return }
        if !isWell { wasWell.store(false, ordering: .releasing) }
        for source in Snapshot.Source.allCases { note(source.name, snapshot.failure(of: source)) }
    }

    /// The value, nil where it could not be read; that is noted.
    public func value<Value>(of source: Source, _ read: () throws(SourceError) -> Value) -> Value? {
        do {
            let value = try read()
            note(source.rawValue, nil)
            return value
        } catch {
            note(source.rawValue, error)
            return nil
        }
    }

    /// How each stood last. Processes are down as well where `table` cannot be opened now.
    public func states(of table: ProcessTable) -> [(source: Source, failure: SourceError?)] {
        let failures = state.withLock { $0.failures }
        // This machine's /proc is seen to be there by every sample; another one's may be taken away.
        let opening = table.root.isEmpty ? nil : table.failureToOpen
        return Source.always.map { source in
            (source, failures[source.rawValue] ?? (source == .processes ? opening : nil))
        }
    }

    func noteListing(_ failure: SourceError) { note(Source.processes.rawValue, failure) }

    /// A listing that went well but for some processes.
    func noteListing(failed count: Int, first: SourceError?) {
        note(Source.processes.rawValue, nil)
        let before = state.withLock { state in
            defer { state.firstProcess = first }
            return state.firstProcess
        }
        guard before != first else { return }
        if let first {
            logger.warning("source processes: \(count) not understood, the first is \(first), ignoring")
        } else {
            logger.notice("source processes: every process is understood again")
        }
    }

    private func note(_ source: String, _ failure: SourceError?) {
        let before = state.withLock { state -> SourceError? in
            // Nearly always nothing failed, and nothing had.
            if failure == nil, state.failures.isEmpty { return nil }
            guard state.failures[source] != failure else { return failure }
            defer { state.failures[source] = failure }
            return state.failures[source]
        }
        guard before != failure else { return }
        if let failure {
            logger.warning("source \(source) failed: \(failure), ignoring")
        } else {
            logger.notice("source \(source) is well again")
        }
    }
}

extension SourceHealth.Source {
    /// For clients: why the source fails, and what it takes.
    public func reason(of failure: SourceError) -> String { failure.reason + remedy(for: failure) }

    /// The group whose files they are on Debian; empty where no group helps.
    func remedy(for failure: SourceError) -> String {
        guard case .unreadable(_, let errno) = failure, [EPERM, EACCES].contains(errno) else { return "" }
        switch self {
        case .journal: return "; it takes the group systemd-journal"
        case .syslog: return "; it takes the group adm"
        default: return ""
        }
    }
}

extension ProcessTable {
    fileprivate var failureToOpen: SourceError? {
        do { try checkMayBeOpened() } catch { return error }
        return nil
    }
}
