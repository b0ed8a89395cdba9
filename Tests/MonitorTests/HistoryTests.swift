import Diagnosis
import Host
import Kernel
import Logging
import Store
import Support
import Testing

@testable import Monitor

@Suite struct HistoryTests {
    private let directory: TemporaryDirectory
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws { directory = try TemporaryDirectory() }

    private func events(of ledger: EventLedger) -> [StoredEvent] {
        var query = EventQuery()
        query.kinds = Set(EventKind.allCases)
        query.limit = 1_000
        query.wantsEvidence = true
        return ledger.events(query).events.map(\.event)
    }

    /// Reads the log of `root` in a life of its own, and writes what it tells.
    private func live(_ root: String) throws -> [StoredEvent] {
        let ledger = EventLedger(EventLedger.Settings(directory: directory.path, bootID: "b"), logger: logger)
        ledger.open(startedAt: Timestamp(unixNanoseconds: 0))
        ledger.start()
        var settings = OOMWatch.Settings(bootID: "b")
        settings.root = root
        let watch = OOMWatch(settings, ledger: ledger, logger: logger)
        watch.start()
        try waitUntil { watch.status.isReady }
        watch.stop()
        ledger.stop()
        return events(of: ledger)
    }

    @Test func theSameRingInAnotherLifeAddsNothing() throws {
        let root = Fixture("6.1-amd64-storm").root
        let first = try live(root)
        let second = try live(root)
        #expect(first.count == 26)
        #expect(second == first)
    }

    /// Records 2 to 8 were overwritten before they could be read.
    @Test func aGapInTheSequenceIsAnEventWithItsNumber() throws {
        let root = try TemporaryDirectory()
        try root.write(Array("6,1,1000,-;a\n6,9,2000,-;b\n".utf8), to: "dev/kmsg")
        let event = try #require(try live(root.path).first)
        #expect(event.id == "b-lost-2")
        #expect(event.record.kind == .recordsLost)
        #expect(event.record.lostRecords == 7)
        #expect(try live(root.path).map(\.id) == ["b-lost-2"])
    }

    @Test func aReportThatIsReadAgainFromItsLinesIsTheSame() throws {
        for name in ["6.1-amd64-memcg-v2-group", "6.1-amd64-movable-dry", "6.1-amd64-sysrq-f"] {
            let fixture = Fixture(name)
            for event in try live(fixture.root) {
                let report = event.record.report
                #expect(report.victims == event.record.victims, "\(name)")
                #expect(report.scope == event.record.scope, "\(name)")
                #expect(OOMDiagnosis(of: report).cause == event.record.cause, "\(name)")
            }
        }
    }

    @Test func aLogIsImportedOnceUnderAnyName() throws {
        let store = EventStore(path: directory.path + "/" + StoreFile.name)
        let log = try Fixture("6.1-amd64-storm").bytes("dev/kmsg")
        try directory.write(log, to: "messages")
        try directory.write(log, to: "messages.1")
        #expect(try imported("messages", into: store) == ImportOutcome(reports: 26, added: 26))
        #expect(try imported("messages.1", into: store) == ImportOutcome(reports: 26, added: 0))
        #expect(try store.counters() == StoredCounters())
        #expect(try store.events(EventQuery()).events.filter { $0.sources.count == 2 }.count == 26)
    }

    /// The ring's events are those of the file, whichever is read first.
    @Test func whatWasImportedAndIsInTheRingIsOneEvent() throws {
        let fixture = Fixture("6.1-amd64-storm")
        let store = EventStore(path: directory.path + "/" + StoreFile.name)
        try directory.write(fixture.bytes("dev/kmsg"), to: "messages")
        _ = try imported("messages", into: store)
        let ids = Set(try store.events(EventQuery()).events.map(\.id))
        store.close()
        let events = try live(fixture.root)
        #expect(events.count == 26)
        #expect(Set(events.map(\.id)) == ids)
    }

    /// As journald keeps it: who calls himself the kernel is not believed.
    @Test(.enabled(if: JournalWriter.obstacle == nil, Comment(rawValue: JournalWriter.obstacle ?? "")))
    func theJournalIsReadAsTheLogsAreAndTellsTheSameKill() throws {
        let writer = try JournalWriter()
        let forged = "Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB"
        try writer.write(["_TRANSPORT=syslog", "SYSLOG_IDENTIFIER=kernel", "_UID=1000", "MESSAGE=\(forged)"])
        let lines = [
            "eater invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
            "memory: usage 65536kB, limit 65536kB, failcnt 23",
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=box,mems_allowed=0,oom_memcg=/box,task_memcg=/box,"
                + "task=eater,pid=118,uid=0",
            "Memory cgroup out of memory: Killed process 118 (eater) total-vm:67640kB, anon-rss:45056kB, file-rss:4kB, "
                + "shmem-rss:796kB, UID:0 pgtables:128kB oom_score_adj:0",
        ]
        for (number, line) in lines.enumerated() {
            try writer.write([
                "_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", "SYSLOG_FACILITY=0",
                "_SOURCE_MONOTONIC_TIMESTAMP=\(8_000_000 + number)", "MESSAGE=\(line)",
            ])
        }
        let (store, _) = StoreFile.open(in: directory.path, now: .now)
        var outcome = ImportOutcome()
        // The last line may be on its way still.
        #expect(
            try eventually(within: 10) {
                outcome = try importedJournal(writer, into: store)
                return try store.events(EventQuery()).events.first?.record.victims.isEmpty == false
            })
        #expect(outcome.reports == 1)
        #expect(try importedJournal(writer, into: store) == ImportOutcome(reports: 1, added: 0))
        let events = try store.events(EventQuery()).events
        #expect(events.map { $0.record.victims.map(\.processID) } == [[ProcessID(118)]])
        #expect(events.map(\.sources) == [["journal"]])
        #expect(events.allSatisfy { !$0.isLive && !$0.record.isTimeEstimated })
        #expect(try store.counters() == StoredCounters())
    }

    private func importedJournal(_ writer: JournalWriter, into store: EventStore) throws -> ImportOutcome {
        var log = try LogImport(ofJournalIn: writer.root.path, into: store, now: .now)
        while try log.step() {}
        return log.outcome
    }

    private func imported(_ name: String, into store: EventStore) throws -> ImportOutcome {
        var log = try LogImport(of: directory.path + "/" + name, into: store, now: Timestamp(unixNanoseconds: 1))
        while try log.step() {}
        return log.outcome
    }
}
