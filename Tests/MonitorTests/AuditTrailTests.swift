import Foundation
import Kernel
import Monitor
import Store
import Support
import Synchronization
import Testing

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
        let trail = AuditTrail(store: ProtectionStore(path: path))
        #expect(throws: StoreError.self) { try trail.require([.audit(Self.entry("refused"))]) }
        trail.note(Self.entry("first"))
        trail.note(Self.entry("second"))
        #expect(trail.writeErrors == 3)
        #expect(trail.failure?.reason == .cannotOpen)
        try FileManager.default.removeItem(atPath: path)
        try trail.require([.audit(Self.entry("third"))])
        #expect(try trail.store.entries(AuditQuery()).map(\.action) == ["first", "second", "third"])
        #expect(trail.failure == nil)
    }
}
