import Host
import Kernel
import Logging
import Monitor
import Store
import Support
import Testing

@Suite struct OOMWatchTests {
    @Test func countsVictimsAndEventsByScope() throws {
        let watch = try started(Fixture("6.1-amd64-storm").root)
        defer { watch.stop() }
        #expect(watch.ledger.counters.eventsByScope[.memcg] == 26)
        #expect(watch.ledger.counters.victimsByScope[.memcg] == 26)
        #expect(watch.ledger.counters.victimsByScope.filter { $0.value > 0 }.count == 1)
        #expect(watch.counters.losses == KernelLogLosses())
        #expect(watch.status.isUp)
        #expect(watch.status.reason == nil)
    }

    @Test func aWholeGroupIsOneEventAndAllItsVictimsCount() throws {
        let watch = try started(Fixture("6.1-amd64-memcg-v2-group").root)
        defer { watch.stop() }
        #expect(watch.ledger.counters.eventsByScope[.memcg] == 1)
        #expect(watch.ledger.counters.victimsByScope[.memcg] == 2)
        let event = try #require(watch.seen.first { $0.id == "boot-406" })
        #expect(event.victims.map { $0.comm?.text } == ["eater", "neighbour"])
        #expect(watch.seen == [event])
    }

    /// Its times are those of another machine.
    @Test func aFileHasNoWallClock() throws {
        let watch = try started(Fixture("6.1-amd64-global-order0").root)
        defer { watch.stop() }
        #expect(watch.seen.map(\.killedAt) == [nil])
    }

    @Test func theNewestComesFirst() throws {
        let watch = try started(Fixture("6.1-amd64-movable-dry").root)
        defer { watch.stop() }
        #expect(watch.seen.map { $0.victims.first?.comm?.text } == ["leaker", "apache", "mysqld"])
    }

    @Test func aMissingLogIsDownButHoldsNothingBack() throws {
        let root = try TemporaryDirectory()
        let watch = try started(root.path)
        defer { watch.stop() }
        #expect(!watch.status.isUp)
        #expect(watch.status.reason == .absent(path: root.path + "/dev/kmsg"))
        #expect(watch.counters.failures > 0)
        #expect(watch.seen.isEmpty)
    }

    @Test func aLogThatComesLaterIsRead() throws {
        let root = try TemporaryDirectory()
        let watch = try started(root.path)
        defer { watch.stop() }
        try root.write(Fixture("6.1-amd64-sysrq-f").bytes("dev/kmsg"), to: "dev/kmsg")
        #expect(eventually(within: 10) { watch.status.isUp && watch.ledger.counters.victimsByScope[.manual] == 1 })
        #expect(watch.status.reason == nil)
    }

    @Test func aReportWhoseEndIsLostIsToldInTheEnd() throws {
        let root = try TemporaryDirectory()
        let whole = try Fixture("6.1-amd64-memcg-v2").bytes("dev/kmsg").split(separator: UInt8(ascii: "\n"))
        try root.write(Array(whole.dropLast().joined(separator: [UInt8(ascii: "\n")])), to: "dev/kmsg")
        let watch = try started(root.path)
        defer { watch.stop() }
        let event = try #require(watch.seen.first)
        #expect(event.completeness == .partial)
        #expect(event.victims == [Victim(processID: ProcessID(118), comm: "eater", userID: 0)])
    }

    @Test func itCanBeStoppedTwiceAndStartedAgain() throws {
        let watch = try started(Fixture("6.1-amd64-sysrq-f").root)
        watch.stop()
        watch.stop()
        watch.start()
        watch.stop()
        #expect(watch.ledger.counters.victimsByScope[.manual] == 1)
    }

    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func aRealKillIsThereWithinASecond() throws {
        let watch = try started("")
        defer { watch.stop() }
        try #require(watch.status.isUp, "the kernel's log cannot be read: \(String(describing: watch.status.reason))")
        let before = watch.ledger.counters.victimsByScope[.memcg] ?? 0
        let kill = try CgroupKill()
        func event() -> OOMEvent? { watch.seen.first { $0.victims.contains { $0.processID == kill.processID } } }
        #expect(eventually(within: 1) { event() != nil })
        let seen = try #require(event())
        #expect(seen.scope == .memcg)
        #expect(seen.victims.map(\.comm) == ["tail"])
        #expect((watch.ledger.counters.victimsByScope[.memcg] ?? 0) > before)
        let age = kill.diedAt.unixNanoseconds - (try #require(seen.killedAt)).unixNanoseconds
        #expect(abs(age) < 2_000_000_000)
        // Other kills on this machine may have used up the ten reports in five seconds.
        if seen.completeness == .full {
            #expect(seen.limitCgroup?.text.hasSuffix(kill.cgroup.text) == true)
            #expect(watch.seen(in: seen.limitCgroup).contains(seen))
        }
    }

    /// A watch that has read what is there.
    private func started(_ root: String) throws -> OOMWatch {
        var settings = OOMWatch.Settings(bootID: "boot")
        settings.root = root
        settings.firstPause = Nanoseconds(5_000_000)
        let watch = OOMWatch(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        watch.start()
        try #require(eventually(within: 10) { watch.status.isReady })
        return watch
    }
}

extension OOMWatch {
    /// Newest first.
    fileprivate var seen: [OOMEvent] { seen(in: nil) }

    fileprivate func seen(in group: CgroupPath?) -> [OOMEvent] {
        var query = EventQuery()
        query.cgroup = group
        query.limit = 1_000
        return ledger.events(query).events.map { shown in
            OOMEvent(id: shown.event.id, report: shown.event.record.report, killedAt: shown.event.record.killedAt)
        }
    }
}
