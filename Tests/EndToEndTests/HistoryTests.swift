import Foundation
import Kernel
import Support
import Testing

/// Real kills, and the daemon ended between them in every way; `make soak` does the same a thousand times.
@Suite(.serialized) struct HistoryTests {
    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func everyKillIsOneEventOverRestartsAndCrashes() throws {
        let state = try TemporaryDirectory()
        var kills: [CgroupKill] = []
        var first: [JSON] = []
        for signal in [SIGTERM, SIGKILL, SIGTERM] {
            let daemon = try Self.daemon(state)
            kills.append(try CgroupKill())
            #expect(try eventually(within: 5) { try Self.events(of: kills, daemon).count == kills.count })
            if first.isEmpty { first = try Self.events(of: kills, daemon) }
            daemon.program.signal(signal)
            _ = try daemon.program.end(within: 10)
            // Nobody looks now.
            kills.append(try CgroupKill())
        }
        let daemon = try Self.daemon(state)
        let events = try Self.events(of: kills, daemon)
        #expect(events.count == kills.count)
        #expect(Set(events.compactMap { $0["id"].string }).count == kills.count)
        #expect(events.filter { $0["id"] == first.first?["id"] }.count == 1)
        #expect(events.allSatisfy { $0["live"] == true })
        try Self.checkCounter(of: daemon, includes: kills.count)
        try Self.checkVerdicts(of: daemon, state, on: kills)
        try Self.checkShown(first, state)
    }

    @Test func anOlderLogIsImportedOnceAndCountsNothing() throws {
        let state = try TemporaryDirectory()
        let log = Fixture("6.1-amd64-storm").root + "/dev/kmsg"
        let first = try Oomwarden.run(["import", "--state-dir", state.path, log])
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output.contains("26 reports, 26 new, 0 known"), "\(first.output)")
        let second = try Oomwarden.run(["import", "--state-dir", state.path, log])
        #expect(second.output.contains("26 reports, 0 new, 26 known"), "\(second.output)")
        let lines = try Oomwarden.run(["export", "--state-dir", state.path]).output.split(separator: "\n")
        #expect(lines.count == 26)
        #expect(lines.allSatisfy { $0.contains(#""live":false"#) })
        let rows = try Oomwarden.run(["export", "--state-dir", state.path, "--format", "csv"]).output.split(separator: "\r\n")
        #expect(rows.count == 27)
        let missing = try Oomwarden.run(["import", "--state-dir", state.path, "/nonexistent"])
        #expect(missing.code == 2)
        #expect(missing.errors.contains("/nonexistent"))
    }

    @Test func aHistoryThatIsNotThereIsSaidToBe() throws {
        let state = try TemporaryDirectory()
        let finished = try Oomwarden.run(["kills", "--state-dir", state.path, "--since", "7d"])
        #expect(finished.code != 0)
        #expect(finished.errors.contains("the history cannot be read"))
    }

    private static func daemon(_ state: TemporaryDirectory) throws -> DaemonProcess {
        let daemon = try DaemonProcess(["--no-import", "--sample.max-age=0"], stateDirectory: state.path)
        try daemon.waitUntilReady()
        return daemon
    }

    private static func events(of kills: [CgroupKill], _ daemon: DaemonProcess) throws -> [JSON] {
        let pids = Set(kills.map { Double($0.processID.rawValue) })
        return try daemon.get("/oom-kills?limit=1000").json["events"].elements
            .filter { event in event["live"] == true && event["victim"]["pid"].number.map { pids.contains($0) } ?? false }
    }

    private static func checkCounter(of daemon: DaemonProcess, includes count: Int) throws {
        let metrics = try Metrics(of: daemon)
        #expect((metrics[#"oom_kills_total{scope="memcg"}"#] ?? 0) >= Double(count))
        #expect(metrics["store_errors_total"] == 0)
    }

    /// `oomwarden kills show ID`, from the file that the daemon writes.
    private static func checkShown(_ events: [JSON], _ state: TemporaryDirectory) throws {
        let id = try #require(events.first?["id"].string)
        let text = try Oomwarden.run(["kills", "show", id, "--state-dir", state.path])
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.contains("was killed because cgroup") && text.output.contains("THE MINUTES BEFORE"))
        let document = try JSON(Oomwarden.run(["kills", "show", id, "--json", "--state-dir", state.path]).output)
        #expect(document["event"]["id"].string == id)
        let missing = try Oomwarden.run(["kills", "show", "nobody", "--state-dir", state.path])
        #expect(missing.code != 0 && missing.errors.contains("no event"))
    }

    private static func checkVerdicts(of daemon: DaemonProcess, _ state: TemporaryDirectory, on kills: [CgroupKill]) throws {
        let pid = try #require(kills.first?.processID)
        #expect(try daemon.get("/explain?pid=\(pid)&at=0s").json["answer"] == "killed")
        #expect(try daemon.get("/explain?comm=nobody&at=0s&within=1s").json["answer"] == "not_killed")
        #expect(try daemon.get("/explain?comm=nobody&at=2001-01-01T00:00:00Z").json["answer"] == "unknown")
        let told = try Oomwarden.run(["explain", "--state-dir", state.path, "--pid", "\(pid)", "--at", "0s"])
        #expect(told.code == 0)
        #expect(told.output.contains("was killed by the OOM killer"))
        let listed = try Oomwarden.run(["kills", "--state-dir", state.path, "--since", "1h", "--json"])
        #expect(try JSON(listed.output)["events"].elements.count >= kills.count)
    }
}
