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
        _ settings: Daemon.Settings, directory: String?, _ keeper: ProtectionKeeper, _ table: ProcessTable, _ logger: Logger
    ) throws -> PolicyControl {
        let book: PolicyBook
        do { book = try PolicyBook(stateDirectory: directory, file: directory == nil ? nil : settings.policyFile) } catch {
            throw Failure("\(error.sentence); 'oomwarden policies check FILE' says when it is right")
        }
        if directory == nil, settings.policyFile != nil {
            logger.warning("--policy.file has no effect with --root: the files shown are not this machine's")
        }
        let feed = ProcessFeed(logger: logger)
        let engine = PolicyEngine(book: book, feed: feed, table: table, logger: logger, apply: claims(keeper))
        return PolicyControl(book: book, engine: engine, feed: feed)
    }

    private static func claims(_ keeper: ProtectionKeeper) -> PolicyEngine.Apply {
        { claim, process, startTime in
            var request = ProtectionKeeper.Request(process: process)
            request.accepts = { $0.startTime == startTime }
            do throws(ProtectionError) {
                if let claim {
                    _ = try keeper.protect(request, adjustment: claim.adjustment)
                } else {
                    _ = try keeper.unprotect(request)
                }
                return .applied
            } catch { return .refused(why: "\(error)") }
        }
    }
}
