import Foundation
import Kernel
import Store
import Support
import Synchronization
import Testing

@testable import Monitor

@Suite struct AuditTrailTests {
    private static func entry(_ action: String) -> AuditEntry {
        AuditEntry(at: Timestamp(unixNanoseconds: 1), who: .daemon, verb: .protect, result: .done, action: action)
    }

    @Test func whoListensIsToldAfterTheStore() throws {
        let heard = Mutex<[AuditEntry]>([])
        let trail = AuditTrail(store: ProtectionStore(path: ":memory:")) { entry in heard.withLock { $0.append(entry) } }
        try trail.require([.audit(Self.entry("a"))])
        trail.note(Self.entry("b"))
        #expect(heard.withLock { $0.map(\.id) } == [1, 2])
    }

    @Test func whatMustBeWrittenFailsAndWhatMayWaitIsWrittenLater() throws {
        let directory = try TemporaryDirectory()
        // A folder in the place of the file, which root cannot write to either.
        let path = directory.path + "/store"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let told = Mutex<[StoreError.Reason?]>([])
        let trail = AuditTrail(
            store: ProtectionStore(path: path), onFailure: { failure in told.withLock { $0.append(failure?.reason) } })
        #expect(throws: StoreError.self) { try trail.require([.audit(Self.entry("refused"))]) }
        trail.note(Self.entry("first"))
        trail.note(Self.entry("second"))
        #expect(trail.writeErrors == 3)
        #expect(told.withLock { $0 } == [.cannotOpen])
        try FileManager.default.removeItem(atPath: path)
        try trail.require([.audit(Self.entry("third"))])
        #expect(try trail.store.entries(AuditQuery()).map(\.action) == ["first", "second", "third"])
        #expect(told.withLock { $0 } == [.cannotOpen, nil])
    }

    @Test func whatMayWaitIsWrittenByAFlush() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/store"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let trail = AuditTrail(store: ProtectionStore(path: path))
        trail.note(Self.entry("first"))
        try FileManager.default.removeItem(atPath: path)
        trail.flush()
        #expect(try trail.store.entries(AuditQuery()).map(\.action) == ["first"])
        // It is not written twice.
        trail.flush()
        #expect(try trail.store.entries(AuditQuery()).count == 1)
    }

    /// 20,000 entries wait at most; a lease that has ended waits in any case.
    @Test func whatIsTooMuchIsLostFromTheAuditAndCounted() throws {
        var pending = PendingChanges()
        let subject = AuditEntry.Subject(bootID: "boot", process: ProcessID(7), startTime: ClockTicks(1))
        var lease = Lease(
            id: "l-1", owner: .daemon, of: subject, adjustment: .exempt, createdAt: Timestamp(unixNanoseconds: 1))
        pending.add([.lease(lease)])
        lease.end = Lease.End(at: Timestamp(unixNanoseconds: 2), why: .ended)
        pending.add([.lease(lease), .untouched(subject.key)])
        pending.add((0..<20_003).map { .audit(Self.entry(String($0))) })
        #expect(pending.lost == 3)
        #expect(pending.all.count == 20_002)
        #expect(pending.all.first == .audit(Self.entry("3")))
        #expect(pending.all.suffix(2) == [.lease(lease), .untouched(subject.key)])
    }
}
