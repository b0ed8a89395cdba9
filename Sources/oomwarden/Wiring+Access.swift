import API
import Diagnosis
import Glibc
import Host
import Kernel
import Logging
import Monitor
import Store

extension Wiring {
    /// Who may do what, by the tokens of the state directory and the users of a unix socket.
    static func access(
        _ settings: Daemon.Settings, token: (bytes: [UInt8], directory: String), logger: Logger
    ) throws -> Access {
        let credentials: Credentials
        do { credentials = try Credentials(first: token.bytes, directory: token.directory, logger: logger) } catch {
            throw Failure("\(error)")
        }
        return Access(
            actions: actions(settings), adminUsers: settings.adminUsers, rate: ActionRate(now: { .monotonic }),
            holder: credentials.holder)
    }

    /// Where what is changed, and what is refused, is written down: in the store, and in the journal where there is one.
    static func attempts(in directory: String, _ logger: Logger) -> AttemptBook {
        let (store, remark) = ProtectionFile.open(in: directory, now: .now)
        if let remark { logger.error("\(remark)") }
        let trail = AuditTrail(store: store, onEntry: tellJournal(logger)) { failure in
            guard let failure else { return logger.notice("audit: written again") }
            logger.warning("audit: \(failure); what is done in any case is written later, ignoring")
        }
        return AttemptBook(trail: trail, now: { .monotonic })
    }

    /// For commands that change something themselves; they have no log.
    static var tellJournal: @Sendable (AuditEntry) -> Void {
        tellJournal(Logger(label: "oomwarden") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func tellJournal(_ logger: Logger) -> @Sendable (AuditEntry) -> Void {
        guard FileSystem.exists(JournalSender.standardPath) else {
            logger.debug("\(JournalSender.standardPath) is not there: the audit is not told to the journal")
            return { _ in }
        }
        do {
            let journal = AuditJournal(try JournalSender(), logger: logger)
            return { journal.tell($0) }
        } catch {
            logger.warning("the audit is not told to the journal: \(error), ignoring")
            return { _ in }
        }
    }

    /// How those sources stand that are there only for this machine.
    static func states(
        _ recorder: FlightRecorder?, _ attempts: AttemptBook?
    ) -> [(source: SourceHealth.Source, failure: SourceError?)] {
        var states: [(source: SourceHealth.Source, failure: SourceError?)] = []
        if let recorder { states.append((.recorder, recorder.failure)) }
        if let attempts { states.append((.leases, attempts.trail.failureAsSource)) }
        return states
    }

    static let readRights: @Sendable () -> Result<OwnRights, SourceError> = {
        Result { () throws(SourceError) in try OwnRights.read() }
    }

    private static func actions(_ settings: Daemon.Settings) -> Access.Actions {
        guard settings.root.isEmpty else { return .otherRoot }
        guard settings.enableActions else { return .off }
        return OwnRights.isInitialForPIDs == false ? .otherPIDNamespace : .on
    }
}

extension AuditTrail {
    /// Why nothing can be written down, and so nothing be protected; nil where the last write went well.
    fileprivate var failureAsSource: SourceError? {
        failure.map { error in
            .malformed(
                path: error.path,
                ParseError(source: "leases", line: 0, expected: "a store that can be written", found: error.sentence))
        }
    }
}
