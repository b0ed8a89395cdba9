import Diagnosis
import Foundation
import Kernel
import Logging
import Store
import Support
import Synchronization
import Testing

@testable import Monitor

@Suite struct EventLedgerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func ledger(_ path: String? = nil, capacity: Int = 1_000) -> EventLedger {
        var settings = EventLedger.Settings(directory: path ?? directory.path, bootID: "b")
        settings.capacity = capacity
        settings.now = { Timestamp(unixNanoseconds: 2_000_000_000_000_000_000) }
        let ledger = EventLedger(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        ledger.open(startedAt: Timestamp(unixNanoseconds: 0))
        return ledger
    }

    private func write(_ ledger: EventLedger) {
        var plan = WorkPlan(ledger.settings)
        ledger.workOnce(&plan, isLast: true)
    }

    /// Record `number` of boot `b`.
    private func kill(_ number: Int, victims: Int = 1) -> EventRecord {
        let pids = (0..<victims).map { ProcessID(Int32(number * 10 + $0)) }
        var record = EventRecord(
            .kill,
            EventIdentity(
                bootID: "b", time: TimeSinceBoot(seconds: number), sequence: UInt64(number), processID: pids.first, comm: "eater")
        )
        record.killedAt = Timestamp(unixNanoseconds: 1_900_000_000_000_000_000 + number)
        record.scope = .memcg
        record.victims = pids.map { Victim(processID: $0, comm: "eater") }
        record.evidence = [LogLine(number: number, text: Array("Killed process".utf8))]
        return record
    }

    private func add(_ numbers: some Sequence<Int>, to ledger: EventLedger, isFromBefore: Bool = false) {
        for number in numbers { ledger.add(kill(number), id: "b-\(number)", isFromBefore: isFromBefore) }
    }

    private func ids(_ ledger: EventLedger) -> [String] { ledger.events(EventQuery()).events.map(\.event.id) }

    @Test func anEventIsShownAtOnceAndDurableAfter() throws {
        let ledger = ledger()
        let shown = ledger.add(kill(1), id: "b-1")
        #expect(ledger.events(EventQuery()).events == [ShownEvent(event: shown, isDurable: false)])
        #expect(ledger.status.backlog == 1)
        write(ledger)
        let durable = try #require(try ledger.event("b-1"))
        #expect(durable.isDurable)
        #expect(durable.event == shown)
        #expect(ledger.status.backlog == 0)
    }

    @Test func theRingReadAgainAfterARestartAddsOnlyWhatIsNew() throws {
        let first = ledger()
        first.caughtUp(at: 0)
        add(1...3, to: first)
        write(first)
        first.stop()
        let second = ledger()
        add(1...5, to: second)
        #expect(second.counters.victimsByScope == [.memcg: 5])
        #expect(second.status.backlog == 2)
        write(second)
        #expect(ids(second) == ["b-5", "b-4", "b-3", "b-2", "b-1"])
        #expect(second.events(EventQuery()).events.filter { $0.event.revision == 1 && $0.event.isLive }.count == 5)
        #expect(second.counters.victimsByScope == [.memcg: 5])
    }

    @Test func whatWasInTheRingBeforeOurFirstStartIsToldAndCountsNothing() throws {
        let first = ledger()
        add(1...3, to: first, isFromBefore: true)
        first.caughtUp(at: 3)
        add([4], to: first)
        #expect(first.counters.victimsByScope == [.memcg: 1])
        write(first)
        first.stop()
        let second = ledger()
        add(1...4, to: second)
        #expect(second.counters.victimsByScope == [.memcg: 1])
        #expect(try second.liveEvents(after: 0, EventQuery()).map(\.event.id) == ["b-4"])
        #expect(ids(second).count == 4)
    }

    @Test func aLateVictimIsARevisionBeforeAndAfterTheWrite() throws {
        let ledger = ledger()
        let first = ledger.add(kill(1), id: "b-1")
        #expect(ledger.add(kill(1, victims: 2), id: "b-1").revision == 2)
        write(ledger)
        let third = ledger.add(kill(1, victims: 3), id: "b-1")
        #expect((third.seq, third.revision) == (first.seq, 3))
        #expect(ledger.events(EventQuery()).events.map(\.event.record.victims.count) == [3])
        write(ledger)
        #expect(try ledger.event("b-1")?.event.record.victims.count == 3)
        #expect(ledger.counters.victimsByScope == [.memcg: 3])
        #expect(ledger.counters.eventsByScope == [.memcg: 1])
    }

    @Test func pagesRunThroughMemoryAndFileAlike() throws {
        let ledger = ledger()
        add(1...12, to: ledger)
        write(ledger)
        add(13...25, to: ledger)
        var query = EventQuery()
        query.limit = 10
        var seen: [String] = []
        repeat {
            let page = ledger.events(query)
            seen += page.events.map(\.event.id)
            query.cursor = page.next
            if seen.count == 10 {
                add([30], to: ledger)
                write(ledger)
            }
        } while query.cursor != nil
        #expect(seen == (1...25).reversed().map { "b-\($0)" })
    }

    @Test func eventsWaitInMemoryUntilTheStoreCanBeWritten() throws {
        let path = directory.path + "/later"
        let ledger = ledger(path)
        add(1...3, to: ledger)
        write(ledger)
        #expect(ids(ledger).count == 3)
        #expect(ledger.status.backlog == 3)
        #expect(ledger.status.failure?.reason == .cannotOpen)
        #expect(ledger.status.writeErrors > 0)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        write(ledger)
        #expect(ledger.status.backlog == 0)
        #expect(ledger.status.failure == nil)
        #expect(ledger.events(EventQuery()).events.filter(\.isDurable).count == 3)
    }

    @Test func moreThanMemoryHasRoomForIsGivenUpFromTheOldestAndSaid() {
        let ledger = ledger(directory.path + "/never", capacity: 3)
        add(1...5, to: ledger)
        #expect(ids(ledger) == ["b-5", "b-4", "b-3"])
        #expect(ledger.status.dropped == 2)
        #expect(ledger.counters.victimsByScope == [.memcg: 5])
    }

    @Test func aStoreThatIsDamagedWhileWeRunIsReplaced() throws {
        let ledger = ledger()
        add(1...200, to: ledger)
        write(ledger)
        let path = directory.path + "/" + StoreFile.name
        ledger.stop()
        let noise = [UInt8](repeating: 0xa5, count: try directory.bytes(StoreFile.name).count)
        try directory.write(noise, to: StoreFile.name)
        add([201], to: ledger)
        write(ledger)
        write(ledger)
        #expect(ids(ledger) == ["b-201"])
        #expect(ledger.status.failure == nil)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.contains { $0.hasPrefix(StoreFile.name + ".corrupt-") })
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func theWorkerWritesWithoutBeingAsked() throws {
        let ledger = ledger()
        ledger.start()
        add(1...3, to: ledger)
        try waitUntil { ledger.status.backlog == 0 }
        ledger.stop()
        #expect(try EventStore(path: directory.path + "/" + StoreFile.name).events(EventQuery()).events.count == 3)
    }

    @Test func theEndOfTheDaemonWritesWhatIsThere() throws {
        let ledger = ledger()
        ledger.start()
        add(1...3, to: ledger)
        for number in 1...3 {
            let record = KernelLogRecord(sequence: UInt64(number), time: TimeSinceBoot(seconds: number), text: [])
            if number == 1 { ledger.beginSpan(at: record, time: Timestamp(unixNanoseconds: 1)) }
            ledger.cover(until: record)
        }
        ledger.stop()
        let store = EventStore(path: directory.path + "/" + StoreFile.name)
        #expect(try store.events(EventQuery()).events.count == 3)
        #expect(try store.coverage(ofBoot: "b").map(\.sequences) == [1...3])
    }

    @Test func withoutADirectoryEventsAreInMemoryOnly() throws {
        let ledger = EventLedger(
            EventLedger.Settings(directory: nil, bootID: "b"), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        ledger.open(startedAt: Timestamp(unixNanoseconds: 0))
        ledger.start()
        add(1...3, to: ledger)
        #expect(ids(ledger) == ["b-3", "b-2", "b-1"])
        #expect(!ledger.status.isUsed)
        #expect(try ledger.event("b-2")?.isDurable == false)
    }

    @Test func theWorkerDoesJobsInOrderAndAtTheEnd() {
        let ledger = ledger()
        let done = Mutex<[Int]>([])
        #expect(!ledger.later {})
        ledger.start()
        for number in 0..<10 { #expect(ledger.later { done.withLock { $0.append(number) } }) }
        ledger.stop()
        #expect(done.withLock { $0 } == Array(0..<10))
        #expect(!ledger.later {})
    }

    @Test func whatBelongsToAnEventWaitsForItAndIsKeptWithIt() throws {
        let ledger = ledger()
        ledger.add(kill(1), id: "b-1")
        ledger.attach(Attachment(kind: "timeline", recordedAt: ledger.now, data: [1, 2]), to: "b-1")
        #expect(try ledger.attachment("timeline", of: "b-1")?.data == [1, 2])
        write(ledger)
        ledger.stop()
        let next = self.ledger()
        #expect(try next.attachment("timeline", of: "b-1")?.data == [1, 2])
        #expect(try next.attachment("timeline", of: "b-2") == nil)
    }

    @Test func aStallIsOneEventThatGetsItsEnd() throws {
        let ledger = ledger()
        var stall = Self.stall
        let begun = ledger.add(stall)
        #expect(Stall(of: begun) == stall)
        write(ledger)
        stall.end = RecordedTime(sinceBoot: Nanoseconds(9), wall: Timestamp(unixNanoseconds: 1_900_000_000_000_000_009))
        let ended = ledger.add(stall)
        #expect(ended.seq == begun.seq && ended.revision == 2)
        write(ledger)
        var query = EventQuery()
        query.kinds = [.stall]
        query.cgroup = CgroupPath("/box".utf8)
        query.wantsEvidence = true
        let events = ledger.events(query).events
        #expect(events.map(\.isDurable) == [true])
        #expect(events.first.flatMap { Stall(of: $0.event) } == stall)
    }

    static var stall: Stall {
        let begin = RecordedTime(sinceBoot: Nanoseconds(5), wall: Timestamp(unixNanoseconds: 1_900_000_000_000_000_005))
        var worst = Stall.Severity()
        worst.fullHundredths = 9_969
        return Stall(owner: .cgroup(CgroupPath("/box/a b".utf8)), begin: begin, reasons: [.memoryHigh, .pressure], worst: worst)
    }

    /// Numbers are told in their order, and nothing of before our time is.
    @Test func whatIsNewAndNoHistoryIsToldAsItHappens() {
        let told = Mutex<[Int]>([])
        var settings = EventLedger.Settings(directory: directory.path, bootID: "b")
        settings.onLive = { shown in told.withLock { $0.append(shown.event.seq) } }
        let ledger = EventLedger(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        ledger.open(startedAt: Timestamp(unixNanoseconds: 0))
        add(1...2, to: ledger, isFromBefore: true)
        ledger.caughtUp(at: 2)
        add(3...4, to: ledger)
        add(3...3, to: ledger)
        ledger.number { seq in told.withLock { $0.append(seq) } }
        #expect(told.withLock { $0 } == [3, 4, 5])
    }
}
