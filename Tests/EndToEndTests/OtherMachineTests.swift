import Support
import Testing

/// `--root`: another machine's files.
@Suite struct OtherMachineTests {
    /// Its log ends with the kill of `big`, the only one in it.
    private static let fixture = Fixture("6.1-amd64-global-order0")

    @Test func actionsAreOff() throws {
        let daemon = try DaemonProcess(["--root", Self.fixture.root, "--web.enable-actions"])
        let answer = try daemon.post("/processes/102/protect", ["Authorization: Bearer \(try daemon.token())"])
        #expect(answer.status == 403)
        #expect(try answer.problem == "actions_disabled")
        #expect(answer.detail == "actions are off with --root: the files shown are not this machine's")
    }

    @Test func theKillsOfItsLogAreListed() throws {
        let daemon = try DaemonProcess(["--root", Self.fixture.root])
        try daemon.waitUntilReady()
        let events = try daemon.get("/oom-kills").json["events"].elements
        #expect(events.count == 1)
        let event = events.first ?? .missing
        #expect(event["scope"] == "global")
        #expect(event["constraint"] == "none")
        #expect(event["victim"]["pid"] == 111)
        #expect(event["victim"]["comm"] == "big")
        // anon-rss:219844kB
        #expect(event["victim"]["anon_rss_bytes"] == 225_120_256)
        #expect(event["victim_cgroup"] == "/")
        // A log without a running clock does not tell when by the wall.
        #expect(event["killed_at"] == .null)
        let metrics = try Metrics(of: daemon)
        #expect(metrics[#"oom_kills_total{scope="global"}"#] == 1)
        #expect(metrics[#"oom_kills_total{scope="memcg"}"#] == 0)
    }

    @Test func itsProcessesAreListed() throws {
        let daemon = try DaemonProcess(["--root", Self.fixture.root])
        let pids = try daemon.get("/processes?limit=10000&sort=pid").json["processes"].elements.compactMap { $0["pid"].number }
        #expect(pids.first == 1)
        #expect(pids.contains(102))
        #expect(try daemon.get("/processes/102").json["comm"].string == Self.comm(of: 102))
    }

    private static func comm(of pid: Int) throws -> String { String(try fixture.text("proc/\(pid)/comm").dropLast()) }
}
