import Foundation
import Kernel
import Support
import Testing

@testable import Store

@Suite struct ProtectionStoreTests {
    private static func entry(_ number: Int, _ result: AuditEntry.Result = .done, action: String? = nil) -> AuditEntry {
        var entry = AuditEntry(
            at: midnight + number * second, who: AuditEntry.Who(name: "night-job", address: "127.0.0.1:41022"), verb: .protect,
            result: result, action: action ?? "a-\(number)")
        entry.subject = AuditEntry.Subject(
            bootID: "boot", process: ProcessID(Int32(number)), startTime: ClockTicks(70), command: CommandName([0xff, 10]))
        entry.before = .neutral
        entry.after = .exempt
        entry.lease = "l-3f9a12cd"
        entry.reason = "nightly import"
        entry.detail = "2 children"
        return entry
    }

    private static func store() throws -> ProtectionStore {
        let store = ProtectionStore(path: ":memory:")
        try store.open()
        return store
    }

    @Test func anEntryComesBackWhole() throws {
        let store = try Self.store()
        var entry = Self.entry(1)
        #expect(try store.append(entry).id == 1)
        entry.id = 1
        #expect(try store.entries(AuditQuery()) == [entry])
        let bare = AuditEntry(
            at: midnight, who: AuditEntry.Who(name: nil, address: nil), verb: .reload, result: .refused, action: "a")
        try store.append(bare)
        #expect(try store.entries(AuditQuery()).last?.subject == nil)
        #expect(try store.entries(AuditQuery()).last?.who == bare.who)
    }

    @Test func withoutACursorTheLastOnesComeTheNewestLast() throws {
        let store = try Self.store()
        for number in 1...5 { try store.append(Self.entry(number)) }
        var query = AuditQuery()
        query.limit = 2
        #expect(try store.entries(query).map(\.id) == [4, 5])
        query.after = 0
        #expect(try store.entries(query).map(\.id) == [1, 2])
        query.after = 2
        #expect(try store.entries(query).map(\.id) == [3, 4])
    }

    @Test func entriesAreFoundByWhatTheySay() throws {
        let store = try Self.store()
        for number in 1...3 { try store.append(Self.entry(number, number == 2 ? .refused : .done)) }
        var query = AuditQuery()
        query.since = midnight + 2 * second
        #expect(try store.entries(query).map(\.id) == [2, 3])
        query.until = midnight + 3 * second
        #expect(try store.entries(query).map(\.id) == [2])
        query = AuditQuery()
        query.process = ProcessID(3)
        #expect(try store.entries(query).map(\.id) == [3])
        query = AuditQuery()
        query.result = .refused
        query.who = "night-job"
        query.verb = .protect
        #expect(try store.entries(query).map(\.id) == [2])
        query.who = "somebody else"
        #expect(try store.entries(query).isEmpty)
    }

    @Test func whatWasIntendedAndNeverEndedIsFound() throws {
        let store = try Self.store()
        try store.append(Self.entry(1, .intended, action: "a"))
        try store.append(Self.entry(1, .done, action: "a"))
        try store.append(Self.entry(2, .intended, action: "b"))
        #expect(try store.unfinishedEntries().map(\.action) == ["b"])
        try store.append(Self.entry(2, .recovered, action: "b"))
        #expect(try store.unfinishedEntries().isEmpty)
    }

    @Test func anEntryIsNeverChanged() throws {
        let store = try Self.store()
        try store.append(Self.entry(1))
        #expect(throws: StoreError.self) {
            try store.use { (database) throws(StoreError) in try database.run("UPDATE audit SET who = 'nobody'") }
        }
        #expect(try store.entries(AuditQuery()).first?.who.name == "night-job")
    }

    @Test func leasesAndWhatTheyTouchedComeBackWhole() throws {
        let store = try Self.store()
        let subject = try #require(Self.entry(7).subject)
        var lease = Lease(
            id: "l-3f9a12cd", owner: AuditEntry.Who(name: "ops", address: nil), of: subject, adjustment: .exempt,
            createdAt: midnight)
        lease.children = .inherit
        lease.expiry = Lease.Expiry(at: midnight + day, sinceBoot: Nanoseconds(5))
        var process = TouchedProcess(key: subject.key, baseline: .neutral, applied: .exempt, since: ClockTicks(99))
        process.movedFloor = true
        process.claim = PolicyClaim(name: "databases", adjustment: .exempt, children: .reset)
        var heir = TouchedProcess(
            key: TouchedProcess.Key(bootID: "boot", process: ProcessID(8), startTime: ClockTicks(100)), baseline: .neutral,
            applied: .neutral, since: ClockTicks(99))
        heir.heirOf = subject.key
        let written = try store.write([.audit(Self.entry(7)), .lease(lease), .touched(process), .touched(heir)])
        #expect(written.map(\.id) == [1])
        #expect(try store.leases() == [lease])
        #expect(try store.touchedProcesses() == [process, heir])

        lease.end = Lease.End(at: midnight + second, why: .processEnded)
        try store.write([.lease(lease), .untouched(heir.key)])
        #expect(try store.leases().isEmpty)
        #expect(try store.leases(endedSince: midnight) == [lease])
        #expect(try store.leases(endedSince: midnight + 2 * second).isEmpty)
        #expect(try store.touchedProcesses() == [process])
        try store.forgetTouched(exceptOf: "another boot")
        #expect(try store.touchedProcesses().isEmpty)
    }

    @Test func allOfATransactionOrNothing() throws {
        let store = try Self.store()
        try store.append(Self.entry(1))
        let lease = Lease(
            id: "l-1", owner: .daemon, of: try #require(Self.entry(1).subject), adjustment: .exempt, createdAt: midnight)
        try store.use { (database) throws(StoreError) in try database.runScript("DROP TABLE touched") }
        let process = TouchedProcess(key: lease.subject.key, baseline: .neutral, applied: .exempt, since: ClockTicks(0))
        #expect(throws: StoreError.self) { try store.write([.audit(Self.entry(2)), .lease(lease), .touched(process)]) }
        #expect(try store.entries(AuditQuery()).count == 1)
        #expect(try store.leases().isEmpty)
    }

    @Test func whatIsTooOldIsForgotten() throws {
        let store = try Self.store()
        for number in 1...3 { try store.append(Self.entry(number)) }
        var lease = Lease(
            id: "l-1", owner: .daemon, of: try #require(Self.entry(1).subject), adjustment: .exempt, createdAt: midnight)
        try store.write([.lease(lease)])
        try store.forget(before: midnight + 3 * second)
        #expect(try store.entries(AuditQuery()).map(\.id) == [3])
        #expect(try store.leases() == [lease])
        lease.end = Lease.End(at: midnight, why: .ended)
        try store.write([.lease(lease)])
        try store.forget(before: midnight + second)
        #expect(try store.leases(endedSince: midnight).isEmpty)
    }

    @Test func whoIsRefusedPushesOutNoChange() throws {
        let store = try Self.store()
        for number in 1...6 {
            try store.append(Self.entry(number, number > 2 ? .refused : .done))
        }
        try store.forget(before: midnight, keeping: 4, refusals: 2)
        #expect(try store.entries(AuditQuery()).map(\.id) == [1, 2, 5, 6])
        try store.forget(before: midnight, keeping: 3, refusals: 2)
        #expect(try store.entries(AuditQuery()).map(\.id) == [2, 5, 6])
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func aLinkInADirectoryOfSomebodyElseIsNotGivenAway() throws {
        let (directory, other) = (try TemporaryDirectory(), try TemporaryDirectory())
        let (store, _) = ProtectionFile.open(in: directory.path, now: midnight)
        store.close()
        try other.write([], to: "ours")
        #expect(symlink(other.path + "/ours", store.path + "-wal") == 0)
        #expect(chown(directory.path, 1, 1) == 0)
        StoreFile.giveToOwner(of: store.path)
        var status = stat()
        #expect(stat(store.path, &status) == 0 && status.st_uid == 1)
        #expect(stat(other.path + "/ours", &status) == 0 && status.st_uid == 0)
    }

    @Test func aDamagedFileIsSetAside() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("this is no database".utf8), to: ProtectionStore.fileName)
        let (store, remark) = ProtectionFile.open(in: directory.path, now: midnight)
        #expect(remark == .setAside(as: store.path + ".corrupt-20261124T000000Z"))
        try store.append(Self.entry(1))
        let (again, none) = ProtectionFile.open(in: directory.path, now: midnight)
        #expect(none == nil)
        #expect(try again.entries(AuditQuery()).count == 1)
        #expect(try ProtectionStore(reading: store.path).entries(AuditQuery()).count == 1)
    }

    @Test func aFileOfANewerVersionIsLeftAsItIs() throws {
        let directory = try TemporaryDirectory()
        let (store, _) = ProtectionFile.open(in: directory.path, now: midnight)
        try store.use { (database) throws(StoreError) in try database.runScript("PRAGMA user_version = 99") }
        store.close()
        let (newer, remark) = ProtectionFile.open(in: directory.path, now: midnight)
        guard case .notWritable(let error)? = remark else {
            Issue.record("expected a remark, found \(String(describing: remark))")
            return
        }
        #expect(error.reason == .newerSchema(found: 99, known: ProtectionSchema.steps.count))
        #expect(throws: StoreError.self) { try newer.append(Self.entry(1)) }
    }
}
