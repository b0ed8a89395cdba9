import Foundation
import Kernel
import Logging
import Monitor
import Store
import Support
import Testing

@Suite struct UserspaceKillWatchTests {
    @Test(.enabled(if: JournalWriter.obstacle == nil, Comment(rawValue: JournalWriter.obstacle ?? "")))
    func anEntryOfTheJournalIsAnEventWithinASecond() throws {
        let writer = try JournalWriter()
        let scene = Scene(writer.root)
        defer { scene.stop() }
        try #require(eventually(within: 10) { scene.isUp("journal") })
        try writer.write(["SYSLOG_IDENTIFIER=earlyoom", "_UID=1000", "MESSAGE=\(Self.term(1))"])
        try writer.write(["_SYSTEMD_UNIT=systemd-oomd.service", "_UID=998", "MESSAGE=\(Self.group)"])
        #expect(eventually(within: 1) { !scene.events.isEmpty })
        let event = try #require(scene.events.first)
        #expect(scene.events.count == 1)
        #expect(event.kind == .userspaceKill)
        #expect(event.scope == .memcg)
        #expect(event.victims.isEmpty)
        #expect(event.victimCgroup?.text == "/user.slice/user-1000.slice/a.service")
        #expect(event.limitCgroup?.text == "/user.slice")
        #expect(event.report.quotes.remark?.text == Self.group)
        #expect(event.id.hasPrefix("boot-j"))
        let age = Int(Date().timeIntervalSince1970 * 1e9) - (try #require(event.killedAt)).unixNanoseconds
        #expect(abs(age) < 10_000_000_000)
        #expect(scene.sources == ["journal: up"])
    }

    @Test func aLineOfTheSyslogFileIsAnEvent() throws {
        let scene = try Scene.syslog()
        defer { scene.stop() }
        try scene.append("Jun 10 13:33:11 host cron[1]: (root) CMD (earlyoom[812]: \(Self.term(1)))\n")
        try scene.append("Jun 10 13:33:12 host earlyoom[812]: \(Self.term(4711))\n")
        #expect(eventually(within: 10) { !scene.events.isEmpty })
        let event = try #require(scene.events.first)
        #expect(scene.events.count == 1)
        #expect(event.scope == .global)
        #expect(event.victims == [Victim(processID: ProcessID(4711), comm: "firefox", userID: 1000)])
        #expect(scene.sources == ["syslog: up"])
    }

    @Test func rotationLosesNothing() throws {
        let scene = try Scene.syslog()
        defer { scene.stop() }
        let path = scene.root.path + "/var/log/syslog"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try scene.append("2025-06-10T13:33:12.123456+02:00 host earlyoom[812]: \(Self.term(1))\n", to: "syslog.1")
        try scene.append("2025-06-10T13:33:13.123456+02:00 host earlyoom[812]: \(Self.term(2))\n")
        #expect(eventually(within: 10) { scene.events.count == 2 })
        #expect(scene.events.map { $0.victims.first?.processID } == [ProcessID(2), ProcessID(1)])
    }

    /// earlyoom asks with SIGTERM, and ends with SIGKILL what is still there.
    @Test func severalSignalsToOneProcessAreOneEvent() throws {
        let scene = try Scene.syslog()
        defer { scene.stop() }
        let kill = Self.term(4711).replacingOccurrences(of: "SIGTERM", with: "SIGKILL")
        for text in [Self.term(4711), kill, Self.term(4712)] {
            try scene.append("Jun 10 13:33:12 host earlyoom[812]: \(text)\n")
        }
        #expect(eventually(within: 10) { scene.events.count == 2 })
        #expect(scene.events.map { $0.victims.first?.processID } == [ProcessID(4712), ProcessID(4711)])
    }

    /// They are no work of the kernel, whose counter they would make disagree.
    @Test func theyAreNotCountedAsTheKernelsKills() throws {
        let scene = try Scene.syslog()
        defer { scene.stop() }
        try scene.append("Jun 10 13:33:12 host earlyoom[812]: \(Self.term(4711))\n")
        #expect(eventually(within: 10) { !scene.events.isEmpty })
        let counters = scene.watch.ledger.counters
        #expect(counters.victimsByScope.values.allSatisfy { $0 == 0 })
        #expect(counters.eventsByScope.values.allSatisfy { $0 == 0 })
        #expect(counters.victimsByCause.values.allSatisfy { $0 == 0 })
    }

    @Test func aMachineWithNeitherHasNoSuchSource() throws {
        let scene = Scene(try TemporaryDirectory())
        defer { scene.stop() }
        #expect(!eventually(within: 0.1) { !scene.sources.isEmpty })
    }

    @Test func aSyslogFileThatComesLaterIsFollowed() throws {
        let scene = Scene(try TemporaryDirectory())
        defer { scene.stop() }
        try scene.root.write([], to: "var/log/messages")
        #expect(eventually(within: 10) { scene.isUp("syslog") })
    }

    @Test func aJournalThatCannotBeReadIsNamedAndTheSyslogFileUsed() throws {
        let root = try TemporaryDirectory()
        try root.write(Array("no journal".utf8), to: "var/log/journal/0123456789abcdef0123456789abcdef/system.journal")
        try root.write([], to: "var/log/syslog")
        let scene = Scene(root)
        defer { scene.stop() }
        #expect(eventually(within: 10) { scene.isUp("syslog") })
        #expect(scene.sources.count == 2)
        #expect(scene.sources.first?.hasPrefix("journal: ") == true)
        #expect(!scene.isUp("journal"))
    }

    @Test func whatItTakesIsSaid() {
        let refused = SourceError.unreadable(path: "/var/log/journal/1/system.journal", errno: EACCES)
        #expect(SourceHealth.Source.journal.reason(of: refused) == "permission denied; it takes the group systemd-journal")
        #expect(SourceHealth.Source.syslog.reason(of: refused) == "permission denied; it takes the group adm")
        #expect(SourceHealth.Source.processes.reason(of: refused) == "permission denied")
    }

    static func term(_ pid: Int) -> String {
        #"sending SIGTERM to process \#(pid) uid 1000 "firefox": oom_score 800, VmRSS 1234 MiB, cmdline "firefox""#
    }

    static let group =
        "Killed /user.slice/user-1000.slice/a.service due to memory pressure for /user.slice being 65.30% > 60.00% for > 30s"
        + " with reclaim activity"
}

/// A watch over a root of the test's own, wired to a list of events.
private struct Scene {
    let root: TemporaryDirectory
    let watch: OOMWatch
    let kills: UserspaceKillWatch

    init(_ root: TemporaryDirectory) {
        self.root = root
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let watch = OOMWatch(OOMWatch.Settings(bootID: "boot"), logger: silent)
        self.watch = watch
        var settings = UserspaceKillWatch.Settings()
        settings.root = root.path
        settings.interval = Nanoseconds(5_000_000)
        settings.pause = Nanoseconds(5_000_000)
        kills = UserspaceKillWatch(settings, logger: silent) { watch.add($0, at: $1, from: $2) }
        kills.start()
    }

    /// One that follows a syslog file.
    static func syslog() throws -> Scene {
        let root = try TemporaryDirectory()
        try root.write(
            Array("Jun 10 13:33:10 host earlyoom[812]: \(UserspaceKillWatchTests.term(1))\n".utf8), to: "var/log/syslog")
        let scene = Scene(root)
        try #require(eventually(within: 10) { scene.isUp("syslog") })
        return scene
    }

    func stop() { kills.stop() }

    var events: [OOMEvent] {
        watch.ledger.events(EventQuery()).events.map { shown in
            OOMEvent(id: shown.event.id, report: shown.event.record.report, killedAt: shown.event.record.killedAt)
        }
    }

    /// `journal: up`, or why not.
    var sources: [String] {
        kills.states.map { state in "\(state.source.rawValue): \(state.failure.map(state.source.reason) ?? "up")" }
    }

    func isUp(_ source: String) -> Bool { sources.contains("\(source): up") }

    func append(_ text: String, to name: String = "syslog") throws {
        let file = open("\(root.path)/var/log/\(name)", O_WRONLY | O_APPEND | O_CREAT, 0o644)
        defer { close(file) }
        let bytes = Array(text.utf8)
        #expect(write(file, bytes, bytes.count) == bytes.count)
    }
}
