import CSQLite
import Foundation
import Kernel
import Support
import Testing

@testable import Store

@Suite struct DamageTests {
    @Test func noiseInPlaceOfTheStoreIsSetAside() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        scene.store.close()
        var random = SystemRandomNumberGenerator()
        let noise = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        try scene.directory.write(noise, to: StoreFile.name)
        let (store, remarks) = StoreFile.open(in: scene.directory.path, now: midnight)
        let aside = scene.store.path + ".corrupt-20261124T000000Z"
        #expect(remarks == [.setAside(as: aside, keepsCounters: false)])
        #expect(
            remarks.map(\.description) == [
                "the store was damaged; it is kept as \(aside), and a new one has been begun; counters begin at 0"
            ])
        #expect(try scene.directory.bytes(StoreFile.name + ".corrupt-20261124T000000Z") == noise)
        #expect(try store.events(EventQuery()).events.isEmpty)
    }

    @Test func noiseInsideTheStoreIsFoundAndTheCountersAreKept() throws {
        let scene = try Scene()
        try scene.tell((0..<500).map { kill($0) })
        _ = try scene.store.retain(Retention(), now: midnight)
        scene.store.close()
        var bytes = try scene.directory.bytes(StoreFile.name)
        let page = 4096
        // The tables' roots are in the first pages; what is torn is behind them.
        for index in (bytes.count - 12 * page)..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        try scene.directory.write(bytes, to: StoreFile.name)
        let (store, remarks) = StoreFile.open(in: scene.directory.path, now: midnight)
        #expect(remarks.count == 1)
        #expect(try store.counters().victimsByScope == [.memcg: 500])
        #expect(try store.events(EventQuery()).events.isEmpty)
    }

    @Test func anEarlierDamagedStoreIsNotOverwritten() throws {
        let scene = try Scene()
        scene.store.close()
        for _ in 0..<2 {
            try scene.directory.write(Array("no database, but longer than a header of one".utf8), to: StoreFile.name)
            StoreFile.open(in: scene.directory.path, now: midnight).store.close()
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: scene.directory.path)
        #expect(names.filter { $0.contains(".corrupt-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.count == 2)
    }

    @Test func aStoreOfANewerVersionIsLeftAsItIs() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        try scene.store.withWriter { (database) throws(StoreError) in try database.runScript("PRAGMA user_version = 99") }
        scene.store.close()
        let before = try scene.directory.bytes(StoreFile.name)
        let (store, remarks) = StoreFile.open(in: scene.directory.path, now: midnight)
        let ours = scene.directory.path + "/oomwarden-v\(Schema.version).sqlite3"
        #expect(store.path == ours)
        #expect(
            remarks.map(\.description) == [
                "\(scene.store.path) has schema 99 of a newer oomwarden and is left as it is; this one writes \(ours)"
            ])
        #expect(try scene.directory.bytes(StoreFile.name) == before)
        var claims = Claims()
        _ = try store.record([EventTelling(kill(2), source: "kmsg", isLive: true, toldAt: midnight)], claims: &claims)
        #expect(StoreFile.open(in: scene.directory.path, now: midnight).store.path == ours)
    }

    @Test func aDirectoryThatMayNotBeWrittenLeavesTheEventsReadable() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        scene.store.close()
        let path = scene.directory.path
        chmod(path, 0o555)
        chmod(path + "/" + StoreFile.name, 0o444)
        defer { chmod(path, 0o755) }
        _ = asNobody {
            let (store, remarks) = StoreFile.open(in: path, now: midnight)
            guard case .notWritable(let error)? = remarks.first else {
                Issue.record("it was said to be writable: \(remarks)")
                return
            }
            #expect(error.mayPass)
            #expect(throws: StoreError.self) { try store.setFact("a", to: "b") }
        }
    }

    @Test func aDirectoryThatIsNotThereIsARefusalThatMayPass() throws {
        let (store, remarks) = StoreFile.open(in: "/nonexistent", now: midnight)
        #expect(remarks.count == 1)
        let error = #expect(throws: StoreError.self) { try store.events(EventQuery()) }
        #expect(error?.reason == .cannotOpen)
        #expect(error?.sentence == "the store cannot be opened")
    }

    @Test func aFullDiskIsARefusalAndRoomMakesItGood() throws {
        guard getuid() == 0 else { return print("skipped: a file system of our own needs root") }
        let directory = try TemporaryDirectory()
        guard mount("tmpfs", directory.path, "tmpfs", 0, "size=1m") == 0 else {
            return print("skipped: no tmpfs can be mounted here: \(String(cString: strerror(errno)))")
        }
        defer { umount2(directory.path, Int32(MNT_DETACH)) }
        let store = EventStore(path: directory.path + "/" + StoreFile.name)
        try store.open()
        try directory.write([UInt8](repeating: 1, count: 700_000), to: "ballast")
        var random = SystemRandomNumberGenerator()
        var bulky = kill(1)
        bulky.evidence[0].text = (0..<600_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        var claims = Claims()
        let telling = EventTelling(bulky, source: "kmsg", isLive: true, toldAt: midnight)
        let error = #expect(throws: StoreError.self) { try store.record([telling], claims: &claims) }
        #expect(error?.reason == .full)
        #expect(error?.sentence == "no space is left for the store")
        #expect(try store.events(EventQuery()).events.isEmpty)
        unlink(directory.path + "/ballast")
        bulky.evidence[0].text = Array(bulky.evidence[0].text.prefix(200_000))
        let smaller = EventTelling(bulky, source: "kmsg", isLive: true, toldAt: midnight)
        #expect(try store.record([smaller], claims: &claims).map(\.change) == [.added])
        #expect(try store.counters().victimsByScope == [.memcg: 1])
        store.close()
    }

    @Test func whatIsNoEvidenceIsNotRead() {
        let encoded = EvidenceCodec.encode(kill(1).evidence) ?? []
        #expect(EvidenceCodec.decode(encoded) == kill(1).evidence)
        for prefix in Hostile.prefixes(of: encoded) { #expect(EvidenceCodec.decode(prefix) == nil) }
        for damaged in Hostile.mutations(of: encoded, count: 500, seed: 5) { _ = EvidenceCodec.decode(damaged) }
        var plain = ByteReader([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])
        #expect(plain.bytes() == nil)
    }
}
