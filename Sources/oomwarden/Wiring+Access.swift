import API
import Host
import Kernel
import Logging
import Monitor

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

    private static func actions(_ settings: Daemon.Settings) -> Access.Actions {
        guard settings.root.isEmpty else { return .otherRoot }
        guard settings.enableActions else { return .off }
        return OwnNamespace.isInitialForPIDs == false ? .otherPIDNamespace : .on
    }
}
