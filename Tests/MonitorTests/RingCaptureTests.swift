import Foundation
import Kernel
import Logging
import Store
import Support
import Testing

@testable import Monitor

/// Rings of real kernels in which kills come in a burst, or a part is lost, into a store that outlives the daemon.
@Suite struct RingCaptureTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func aBurstIsOneEventForEachKillWithItsOwnScope() throws {
        try read(Fixture("6.1-amd64-burst").root)
        let kills = try stored([.kill, .killWithoutReport])
        #expect(kills.map { $0.record.identity.comm?.text } == ["glob2", "box1", "box2", "box4", "box3", "glob3", "glob1"])
        #expect(kills.map(\.record.scope) == [.global, .memcg, .memcg, .memcg, .memcg, .global, .global])
        #expect(kills.map { $0.record.limitCgroup?.text } == [nil, "/box1", "/box2", "/box4", "/box3", nil, nil])
        #expect(try stored([.recordsLost]).isEmpty)
    }

    @Test func aReportThatTheRingHasCutIsKeptWithWhatIsLeft() throws {
        try read(Fixture("6.1-amd64-ring-cut").root)
        let kill = try #require(try stored([.kill, .killWithoutReport]).only)
        #expect(kill.record.identity.processID == ProcessID(2129))
        #expect(kill.record.isPartial)
        // Record 368 is followed by 941.
        #expect(try stored([.recordsLost]).map(\.record.lostRecords) == [572])
    }

    @Test func aReportThatTheRingHasLostIsALoss() throws {
        let root = try TemporaryDirectory()
        let last = "6,369,9458000,-;the last record that was read\n"
        try root.write(Array(last.utf8) + Fixture("6.1-amd64-ring-lost").bytes("dev/kmsg"), to: "dev/kmsg")
        try read(root.path)
        #expect(try stored([.kill, .killWithoutReport]).isEmpty)
        // 370 to 2168.
        #expect(try stored([.recordsLost]).map(\.record.lostRecords) == [1_799])
    }

    /// Nothing is told twice, and no id changes, when the same ring is read by another life of the daemon.
    @Test(arguments: ["burst", "ring-cut", "ring-lost", "storm", "noise"])
    func theSameRingAfterARestartAddsNothing(story: String) throws {
        try read(Fixture("6.1-amd64-\(story)").root)
        let first = try stored(Set(EventKind.allCases)).map(\.id)
        try read(Fixture("6.1-amd64-\(story)").root)
        #expect(try stored(Set(EventKind.allCases)).map(\.id) == first)
    }

    @Test func aStormCountsEachBareLineOnce() throws {
        try read(Fixture("6.1-amd64-storm").root)
        let kills = try stored([.kill, .killWithoutReport])
        #expect(kills.count == 26)
        // Ten reports in five seconds, and one when they are over.
        #expect(kills.filter { $0.record.kind == .kill }.count == 11)
        for kill in kills where kill.record.kind == .killWithoutReport { #expect(kill.record.limitCgroup == nil) }
    }

    /// One life of the daemon.
    private func read(_ root: String) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let ledger = EventLedger(EventLedger.Settings(directory: directory.path, bootID: "boot"), logger: logger)
        ledger.open(startedAt: Timestamp(unixNanoseconds: 0))
        defer { ledger.stop() }
        var settings = OOMWatch.Settings(bootID: "boot")
        settings.root = root
        let watch = OOMWatch(settings, ledger: ledger, logger: logger)
        watch.start()
        defer { watch.stop() }
        try #require(eventually(within: 10) { watch.status.isReady })
        var plan = WorkPlan(ledger.settings)
        ledger.workOnce(&plan, isLast: true)
    }

    /// The oldest first.
    private func stored(_ kinds: Set<EventKind>) throws -> [StoredEvent] {
        var query = EventQuery()
        query.kinds = kinds
        query.limit = 1_000
        return try EventStore(path: directory.path + "/" + StoreFile.name).events(after: 0, query)
    }
}

extension Array {
    fileprivate var only: Element? { count == 1 ? first : nil }
}
