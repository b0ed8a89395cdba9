import Kernel
import Store
import Synchronization
import Testing

@testable import Monitor

/// Refused attempts, as far as they are kept, and what the journal is told.
@Suite struct AttemptBookTests {
    @Test func ofAClientTwentyAMinuteAreKeptAndTheOthersCounted() throws {
        let clock = Clock()
        let book = AttemptBook(trail: AuditTrail(store: ProtectionStore(path: ":memory:")), now: { clock.now })
        for _ in 0..<25 { book.note(by: "192.0.2.7") { Self.refusal } }
        book.note(by: "192.0.2.8") { Self.refusal }
        #expect(try Self.count(book) == 21)
        #expect(book.notKept == 5)
        clock.advance(seconds: 59)
        book.note(by: "192.0.2.7") { Self.refusal }
        #expect(book.notKept == 6)
        clock.advance(seconds: 1)
        book.note(by: "192.0.2.7") { Self.refusal }
        #expect(try Self.count(book) == 22)
    }

    /// A client with a network of addresses fills the disk no faster.
    @Test func ofAllClientsTwoHundredAMinuteAreKept() throws {
        let book = AttemptBook(trail: AuditTrail(store: ProtectionStore(path: ":memory:")), now: { Nanoseconds(0) })
        for index in 0..<300 { book.note(by: "2001:db8::\(index)") { Self.refusal } }
        #expect(try Self.count(book) == 200)
        #expect(book.notKept == 100)
    }

    @Test func theJournalHasAFieldForEachValue() throws {
        var entry = Self.refusal
        (entry.id, entry.result, entry.detail) = (7, .done, nil)
        entry.subject = AuditEntry.Subject(
            bootID: "b", process: ProcessID(4711), startTime: ClockTicks(1), command: CommandName([0x6d, 0xff]))
        entry.before = OOMScoreAdjustment(0)
        entry.after = OOMScoreAdjustment(-900)
        entry.reason = "nightly\nimport"
        let fields = Dictionary(uniqueKeysWithValues: AuditJournal.fields(of: entry).map { ($0.name, $0.value) })
        #expect(fields["OOMWARDEN_COMM"] == [0x6d, 0xff])
        #expect(fields["OOMWARDEN_REASON"] == Array("nightly\nimport".utf8))
        let texts = [
            "PRIORITY": "5", "OOMWARDEN_WHO": "import", "OOMWARDEN_ADDRESS": "192.0.2.7:1", "OOMWARDEN_PID": "4711",
            "OOMWARDEN_BEFORE": "0", "OOMWARDEN_AFTER": "-900", "OOMWARDEN_VERB": "protect", "OOMWARDEN_RESULT": "done",
            "OOMWARDEN_ENTRY": "7", "MESSAGE_ID": AuditJournal.messageID, "SYSLOG_IDENTIFIER": "oomwarden",
        ]
        for (name, text) in texts { #expect(fields[name] == Array(text.utf8), "\(name)") }
        #expect(fields["OOMWARDEN_LEASE"] == nil)
        #expect(entry.sentence.hasSuffix("(4711): oom_score_adj 0 to -900, done"))
        #expect(AuditJournal.messageID.wholeMatch(of: /[0-9a-f]{32}/) != nil)
    }

    private static var refusal: AuditEntry {
        var entry = AuditEntry(
            at: Timestamp(unixNanoseconds: 0), who: AuditEntry.Who(name: "import", address: "192.0.2.7:1"), verb: .protect,
            result: .refused, action: "a-1")
        entry.detail = "missing_scope: x"
        return entry
    }

    private static func count(_ book: AttemptBook) throws -> Int {
        var query = AuditQuery()
        query.limit = 1_000
        return try book.trail.store.entries(query).count
    }
}

private final class Clock: Sendable {
    private let time = Mutex(Nanoseconds(0))

    var now: Nanoseconds { time.withLock { $0 } }

    func advance(seconds: Int) { time.withLock { $0 = Nanoseconds($0.count + seconds * 1_000_000_000) } }
}
