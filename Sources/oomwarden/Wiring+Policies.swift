import API
import Diagnosis
import Host
import Kernel
import Logging
import Monitor
import Store

extension Wiring {
    /// The policies of the state directory and of the administrator's file, and who applies them.
    ///
    /// - Throws: where one of the files is broken: a daemon with other policies than those written down is worse than none.
    static func policies(
        _ settings: Daemon.Settings, _ directory: String?, _ keeper: (ProtectionKeeper, AuditTrail?, ProcessFeed),
        _ table: ProcessTable, _ logger: Logger
    ) throws -> PolicyControl {
        let (keeper, trail, feed) = keeper
        let book: PolicyBook
        do { book = try PolicyBook(stateDirectory: directory, file: directory == nil ? nil : settings.policyFile) } catch {
            throw Failure("\(error.sentence); 'oomwarden policies check FILE' says when it is right")
        }
        if directory == nil, settings.policyFile != nil {
            logger.warning("--policy.file has no effect with --root: the files shown are not this machine's")
        }
        let engine = PolicyEngine(book: book, feed: feed, table: table, logger: logger, keeper: PolicyEngine.Keeper(keeper))
        return PolicyControl(book: book, engine: engine, feed: feed) { trail?.note($0) }
    }
}

extension Daemon {
    /// What the policies say is done from here on; claims of before that none makes any more are let go.
    func startPolicies(_ wiring: Wiring) {
        guard settings.root.isEmpty else { return }
        wiring.policies.engine.policiesChanged()
    }
}
