import Foundation
import Kernel
import Support
import Testing

/// Real kills on this machine. One after the other: the kernel prints ten reports in five seconds, then bare lines.
@Suite(.serialized) struct KillTests {
    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func aKillIsAnEventWithinASecond() throws {
        let daemon = try DaemonProcess()
        try daemon.waitUntilReady()
        let kill = try CgroupKill()
        var event = JSON.missing
        #expect(
            try eventually(within: 1) {
                event = try Self.event(of: kill, in: daemon.get("/oom-kills"))
                return event != .missing
            })
        #expect(event["scope"] == "memcg")
        let killedAt = try #require(event["killed_at"].string.flatMap(Self.seconds))
        #expect(abs(killedAt - Double(kill.diedAt.unixNanoseconds) / 1e9) < 1)
        guard Self.isReported(event) else { return }
        #expect(event["kind"] == "kill")
        #expect(event["constraint"] == "memcg")
        #expect(event["report"] == "full")
        #expect(event["victim"]["comm"] == "tail")
        #expect(event["victims"].elements.count == 1)
        #expect(event["limit_cgroup"].string?.hasSuffix(kill.cgroup.text) == true)
        #expect(event["victim_cgroup"] == event["limit_cgroup"])
        #expect(event["invoker"]["comm"] == "tail")
    }

    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func aKillMovesTheCountersByOneAndIsFoundByItsGroup() throws {
        let daemon = try DaemonProcess(["--sample.max-age=0"])
        try daemon.waitUntilReady()
        let before = try Counts(of: daemon)
        let kill = try CgroupKill()
        // Somebody else's kill may come in between: each moves both counters by one.
        var after = before
        let isCounted = try eventually(within: 5) {
            after = try Counts(of: daemon)
            let seen = after.victims.subtracting(before.victims)
            return seen.contains(Int(kill.processID.rawValue)) && after.byUs - before.byUs == Double(seen.count)
                && after.byKernel - before.byKernel == Double(seen.count)
        }
        #expect(isCounted, "before: \(before), after: \(after)")
        let event = Self.event(of: kill, in: try daemon.get("/oom-kills"))
        guard Self.isReported(event) else { return }
        let group = try #require(event["limit_cgroup"].string)
        #expect(Self.event(of: kill, in: try daemon.get("/oom-kills?cgroup=\(group)")) == event)
        #expect(Self.event(of: kill, in: try daemon.get("/oom-kills?cgroup=/")) == event)
        #expect(Self.event(of: kill, in: try daemon.get("/oom-kills?cgroup=\(group)/below")) == .missing)
        #expect(Self.event(of: kill, in: try daemon.get("/oom-kills?cgroup=\(group.dropLast())")) == .missing)
        let detail = try daemon.get("/oom-kills/\(event["id"].string ?? "")").json
        #expect(detail["victim"] == event["victim"] && detail["limit_cgroup"] == event["limit_cgroup"])
        #expect(detail["diagnosis"]["cause"] == "memcg_limit")
        #expect(detail["diagnosis"]["summary"].string?.contains("(\(kill.processID))") == true)
        #expect(detail["memcg"]["limit_bytes"].number == Double(CgroupKill.defaultLimit.count))
        #expect(!detail["diagnosis"]["evidence"].elements.isEmpty)
        // What a process that only grows fills its group with, on either cgroup version.
        #expect(detail["diagnosis"]["filled_by"].elements.first?["what"] == "anonymous")
        try Self.checkCommand(tells: event, of: kill)
    }

    /// `oomwarden kills`, which reads the log itself.
    private static func checkCommand(tells event: JSON, of kill: CgroupKill) throws {
        let table = try Oomwarden.run(["kills"])
        #expect(table.code == 0)
        let row = table.output.split(separator: "\n").first { $0.contains(kill.cgroup.text) }
        #expect(row?.split(separator: " ").contains("\(kill.processID)") == true)
        let listed = try JSON(try Oomwarden.run(["kills", "--json"]).output)["events"].elements
        let told = listed.first { $0["id"] == event["id"] } ?? .missing
        // One was awaited, the other computed from an old record: they may differ by how far the log's clock has drifted.
        // Where the log is read, no history is.
        let ofHistory = ["killed_at", "time_estimated", "seq", "revision", "durable", "live"]
        #expect(ofHistory.reduce(told) { $0.without($1) } == ofHistory.reduce(event) { $0.without($1) })
    }

    /// The kernel gives whatever a process writes there a facility of 1 or more.
    @Test(.enabled(if: access("/dev/kmsg", R_OK | W_OK) == 0, "reading and writing /dev/kmsg needs root"))
    func aLineThatAProcessWroteIsNoEvent() throws {
        let name = "forged\(UInt16.random(in: .min ... .max))"
        for line in [
            "<6>oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,"
                + "task=\(name),pid=1,uid=0",
            "<3>Out of memory: Killed process 1 (\(name)) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 "
                + "pgtables:1kB oom_score_adj:0",
        ] {
            try Data("\(line)\n".utf8).write(to: URL(fileURLWithPath: "/dev/kmsg"))
        }
        let daemon = try DaemonProcess()
        try daemon.waitUntilReady()
        #expect(!(try daemon.get("/oom-kills?limit=1000").text.contains(name)))
        #expect(!(try Oomwarden.run(["kills", "--json"]).output.contains(name)))
    }

    /// The victims that are told of, and what is counted.
    private struct Counts {
        let victims: Set<Int>
        let byUs: Double
        let byKernel: Double

        init(of daemon: DaemonProcess) throws {
            let metrics = try Metrics(of: daemon)
            byUs = try #require(metrics[#"oom_kills_total{scope="memcg"}"#])
            byKernel = try #require(metrics["kernel_oom_kills_total"])
            let events = try daemon.get("/oom-kills?limit=1000").json["events"].elements
            victims = Set(events.flatMap { $0["victims"].elements }.compactMap { $0["pid"].number.map { Int($0) } })
        }
    }

    private static func event(of kill: CgroupKill, in response: RawResponse) -> JSON {
        let events = (try? response.json["events"].elements) ?? []
        return events.first { $0["victim"]["pid"].number == Double(kill.processID.rawValue) } ?? .missing
    }

    /// Kills by others may have used up the ten reports in five seconds; a bare line names no group.
    private static func isReported(_ event: JSON) -> Bool {
        let isReported = event["kind"] != "kill_without_report"
        if !isReported { print("cut short: the kernel printed no report of this kill, there were too many of late") }
        return isReported
    }

    private static func seconds(_ text: String) -> Double? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.date(from: text)?.timeIntervalSince1970
    }
}
