import Foundation
import Support
import Testing

/// A daemon that has no rights at all says of each what it lacks.
@Suite(.enabled(if: UnprivilegedDaemon.obstacle == nil, Comment(rawValue: UnprivilegedDaemon.obstacle ?? "")))
struct UnprivilegedTests {
    @Test func anotherUsersProcess() throws {
        let guardian = try UnprivilegedDaemon.guardian()
        let child = try Sleeper()
        let original = try child.adjustment()
        for query in ["", "?dry_run"] {
            let answer = try guardian.protect(child.pid, #"{"oom_score_adj":300}"#, query: query)
            #expect(answer.status == 403)
            #expect(try answer.problem == "missing_capability")
            #expect(answer.detail.contains("CAP_DAC_OVERRIDE"))
        }
        #expect(try child.adjustment() == original)
    }

    @Test func itsOwnUsersProcessMayBeRaised() throws {
        let guardian = try UnprivilegedDaemon.guardian()
        let child = try Sleeper(wrapper: UnprivilegedDaemon.wrapper)
        #expect(try guardian.protect(child.pid, #"{"oom_score_adj":300}"#).status == 200)
        #expect(try child.adjustment() == 300)
        let answer = try guardian.protect(child.pid, nil)
        #expect(answer.status == 403)
        #expect(answer.detail.contains("CAP_SYS_RESOURCE"))
    }

    @Test func sourcesThatItMayNotReadAreNamedAndTheRestIsServed() throws {
        let guardian = try UnprivilegedDaemon.guardian()
        try guardian.daemon.waitUntilReady()
        let types = try guardian.daemon.get("/fragmentation?by=migratetype")
        #expect(types.status == 403)
        #expect(types.detail.contains("CAP_DAC_READ_SEARCH"))
        for target in ["/zones", "/fragmentation", "/processes", "/metrics"] {
            #expect(try guardian.daemon.get(target).status == 200, "\(target)")
        }
        guard try String(contentsOfFile: "/proc/sys/kernel/dmesg_restrict", encoding: .utf8) == "1\n" else { return }
        let kills = try guardian.daemon.get("/oom-kills")
        #expect(kills.status == 503)
        #expect(kills.detail == "kmsg could not be read: operation not permitted")
        #expect(try Metrics(of: guardian.daemon)[#"source_up{source="kmsg"}"#] == 0)
    }
}

enum UnprivilegedDaemon {
    private static let user: uid_t = 65534
    static let wrapper = ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "--inh-caps=-all"]

    static let obstacle: String? = {
        guard getuid() == 0 else { return "only root can start a daemon as another user" }
        do {
            let probe = try RunningProgram(wrapper + [Oomwarden.path, "--version"])
            return try probe.end(within: 10) == .exit(0)
                ? nil : "the program cannot be started as user \(user): \(probe.errors.wholeText())"
        } catch { return "\(error)" }
    }()

    static func guardian() throws -> Guardian { try started(["--web.enable-actions"]) { try Guardian($0) } }

    /// What `read` makes of a daemon while its state directory is there.
    static func started<Value>(_ arguments: [String], _ read: (DaemonProcess) throws -> Value) throws -> Value {
        let state = try TemporaryDirectory()
        chown(state.path, user, user)
        // The token is read here; the daemon has no need of the directory any more.
        return try withExtendedLifetime(state) {
            try read(DaemonProcess(arguments, stateDirectory: state.path, wrapper: wrapper))
        }
    }
}
