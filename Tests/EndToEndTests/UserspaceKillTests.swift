import Foundation
import Support
import Testing

/// What systemd-oomd and earlyoom log becomes an event of the daemon.
@Suite struct UserspaceKillTests {
    @Test(.enabled(if: JournalWriter.obstacle == nil, Comment(rawValue: JournalWriter.obstacle ?? "")))
    func anEntryOfTheJournalIsAnEventWithinASecond() throws {
        let writer = try JournalWriter()
        try writer.root.write(Array("6,1,100,-;Linux\n".utf8), to: "dev/kmsg")
        try writer.root.write([], to: "proc/1/status")
        let daemon = try DaemonProcess(["--root", writer.root.path])
        #expect(try eventually(within: 10) { try Metrics(of: daemon)[#"source_up{source="journal"}"#] == 1 })
        try writer.write(["_SYSTEMD_UNIT=systemd-oomd.service", "_UID=998", "MESSAGE=\(Self.kill)"])
        #expect(try eventually(within: 1) { try !daemon.get("/oom-kills").json["events"].elements.isEmpty })
        let event = try daemon.get("/oom-kills").json["events"].elements.first ?? .missing
        #expect(event["kind"] == "userspace_kill")
        #expect(event["scope"] == "memcg")
        #expect(event["victim_cgroup"] == "/user.slice/user-1000.slice/a.service")
        #expect(event["victims"].elements.isEmpty)
        let id = try #require(event["id"].string)
        #expect(try daemon.get("/oom-kills/\(id)").json["id"].string == id)
        #expect(try Metrics(of: daemon)[#"oom_kills_total{scope="memcg"}"#] == 0)
        #expect(try Metrics(of: daemon)[#"source_up{source="syslog"}"#] == nil)
    }

    @Test func aMachineWithoutJournalAndSyslogHasNoSuchSource() throws {
        let root = try TemporaryDirectory()
        try root.write(Array("6,1,100,-;Linux\n".utf8), to: "dev/kmsg")
        try root.write([], to: "proc/1/status")
        let daemon = try DaemonProcess(["--root", root.path])
        try daemon.waitUntilReady()
        let metrics = try Metrics(of: daemon)
        #expect(metrics[#"source_up{source="kmsg"}"#] == 1)
        #expect(metrics[#"source_up{source="journal"}"#] == nil)
        #expect(metrics[#"source_up{source="syslog"}"#] == nil)
        #expect(!daemon.log.contains { $0.contains("journal") || $0.contains("syslog") })
    }

    @Test(.enabled(if: UnprivilegedDaemon.obstacle == nil, Comment(rawValue: UnprivilegedDaemon.obstacle ?? "")))
    func theGroupThatIsMissingIsNamedAndHoldsNothingBack() throws {
        let root = try TemporaryDirectory()
        try root.write(Array("6,1,100,-;Linux\n".utf8), to: "dev/kmsg")
        try root.write([], to: "proc/1/status")
        try root.write([], to: "var/log/syslog")
        let path = root.path + "/var/log/syslog"
        try #require(chown(path, 0, 0) == 0 && chmod(path, 0o640) == 0)
        let daemon = try UnprivilegedDaemon.started(["--root", root.path]) { $0 }
        try daemon.waitUntilReady()
        func syslog() throws -> JSON {
            try daemon.get("/-/ready").json["sources"].elements.first { $0["source"] == "syslog" } ?? .missing
        }
        #expect(try eventually(within: 10) { try syslog() != .missing })
        #expect(try syslog()["up"] == false)
        #expect(try syslog()["reason"] == "permission denied; it takes the group adm")
        #expect(try Metrics(of: daemon)[#"source_up{source="syslog"}"#] == 0)
    }

    private static let kill =
        "Killed /user.slice/user-1000.slice/a.service due to memory pressure for /user.slice being 65.30% > 60.00% for > 30s"
        + " with reclaim activity"
}
