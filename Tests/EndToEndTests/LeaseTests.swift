import Foundation
import Support
import Testing

/// Leases of the real daemon on real children: their end, a restart, a stop, a death.
@Suite struct LeaseTests {
    private static func arguments(_ onStop: String) -> [String] { ["--web.enable-actions", "--leases.on-stop", onStop] }

    @Test func aLeaseRunsOut() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let original = try child.adjustment()
        let body = #"{"oom_score_adj":700,"ttl_seconds":5,"reason":"nightly import","children":"inherit"}"#
        let lease = try guardian.protect(child.pid, body).json["lease"]
        #expect(lease["owner"] == "admin")
        #expect(lease["reason"] == "nightly import")
        #expect(lease["children"] == "inherit")
        #expect(try child.adjustment() == 700)
        #expect(try guardian.daemon.get("/leases").json["leases"] == .array([lease]))
        #expect(try eventually(within: 20) { try child.adjustment() == original })
        #expect(try guardian.daemon.get("/leases").json["leases"] == .array([]))
        let all = try guardian.daemon.get("/leases?all").json["leases"]
        #expect(all[0]["id"] == lease["id"])
        #expect(all[0]["ended_why"] == "expired")
    }

    @Test func itIsEndedByItsName() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let original = try child.adjustment()
        let id = try #require(try guardian.protect(child.pid, #"{"oom_score_adj":700}"#).json["lease"]["id"].string)
        #expect(try Oomwarden.run(["leases", "--state-dir", guardian.daemon.stateDirectory]).output.contains(id))
        let fields = ["Authorization: Bearer \(guardian.token)"]
        let ended = try guardian.daemon.delete("/leases/\(id)", fields)
        #expect(ended.status == 200)
        #expect(try ended.json["ended"][0]["ended_why"] == "ended")
        #expect(try child.adjustment() == original)
        #expect(try guardian.daemon.delete("/leases/\(id)", fields).problem == "no_such_lease")
        #expect(try guardian.daemon.delete("/leases/\(id)").problem == "unauthorized")
    }

    @Test func aStopPutsBackAndAStartAppliesAgain() throws {
        let (state, child) = (try TemporaryDirectory(), try Sleeper())
        let original = try child.adjustment()
        let first = try DaemonProcess(["--web.enable-actions"], stateDirectory: state.path)
        #expect(try Guardian(first).protect(child.pid, #"{"oom_score_adj":700}"#).status == 200)
        first.program.signal(SIGTERM)
        #expect(try first.program.end(within: 20) == .exit(0))
        #expect(try child.adjustment() == original)
        let second = try Guardian(try DaemonProcess(["--web.enable-actions"], stateDirectory: state.path))
        #expect(try eventually(within: 10) { try child.adjustment() == 700 })
        #expect(try second.unprotect(child.pid).status == 200)
        #expect(try child.adjustment() == original)
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func whatIsKeptIsPutBackByTheCommand(signal: Int32) throws {
        let (state, child) = (try TemporaryDirectory(), try Sleeper())
        let original = try child.adjustment()
        let daemon = try DaemonProcess(Self.arguments("keep"), stateDirectory: state.path)
        #expect(try Guardian(daemon).protect(child.pid, #"{"oom_score_adj":700}"#).status == 200)
        daemon.program.signal(signal)
        _ = try daemon.program.end(within: 20)
        #expect(try child.adjustment() == 700)
        let restored = try Oomwarden.run(["restore", "--state-dir", state.path])
        #expect(restored.code == 0)
        #expect(restored.output == "process \(child.pid): oom_score_adj 700 is \(original) again\n")
        #expect(try child.adjustment() == original)
        #expect(try Oomwarden.run(["restore", "--state-dir", state.path]).output == "nothing is to be put back\n")
    }

    @Test func nothingIsPutBackUnderADaemonThatRuns() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        _ = try guardian.protect(child.pid, #"{"oom_score_adj":700}"#)
        let refused = try Oomwarden.run(["restore", "--state-dir", guardian.daemon.stateDirectory])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("a daemon runs with"))
        #expect(try child.adjustment() == 700)
    }

    /// Each would take what the other writes for somebody else's.
    @Test func aSecondDaemonDoesNotStartOnTheSameLeases() throws {
        let first = try DaemonProcess([], stateDirectory: try TemporaryDirectory().path)
        let second = try Oomwarden.run(
            ["serve", "--web.listen-address", "127.0.0.1:0", "--state-dir", first.stateDirectory])
        #expect(second.code == 1)
        #expect(second.errors.contains("another oomwarden runs with \(first.stateDirectory); stop it, or"))
    }

    @Test func withoutAStateThereIsNothingToRestore() throws {
        let state = try TemporaryDirectory()
        let restored = try Oomwarden.run(["restore", "--state-dir", state.path])
        #expect(restored.code == 0)
        #expect(restored.output == "nothing was protected\n")
        #expect(try Oomwarden.run(["leases", "--state-dir", state.path]).output == "nothing is protected by a lease\n")
    }

    @Test func whoeverHasNoStoreProtectsNothing() throws {
        let (state, child) = (try TemporaryDirectory(), try Sleeper())
        let original = try child.adjustment()
        try FileManager.default.createDirectory(
            atPath: state.path + "/protection.sqlite3", withIntermediateDirectories: true)
        let guardian = try Guardian(try DaemonProcess(["--web.enable-actions"], stateDirectory: state.path))
        let answer = try guardian.protect(child.pid, #"{"oom_score_adj":700}"#)
        #expect(answer.status == 503)
        #expect(try answer.problem == "audit_unwritable")
        #expect(try child.adjustment() == original)
    }
}
