import Foundation
import Host
import Kernel
import Monitor
import Store
import Support
import Synchronization
import Testing

/// A keeper over real processes of the test's own, a store that outlives it, and a clock that the test moves.
final class LeaseScene {
    let directory: TemporaryDirectory
    private(set) var trail: AuditTrail
    private(set) var keeper: ProtectionKeeper
    private let clock = TestClock()
    private let bootID: String

    init(bootID: String? = nil) throws {
        directory = try TemporaryDirectory()
        self.bootID = try bootID ?? RunningKernel.read().bootID
        (trail, keeper) = try Self.keeper(directory, clock, self.bootID)
    }

    /// As a daemon that ended and was started again, perhaps on a machine that was.
    func restart(bootID: String? = nil, appliesAtStart: Bool = true) throws {
        trail.store.close()
        (trail, keeper) = try Self.keeper(directory, clock, bootID ?? self.bootID, appliesAtStart)
        try keeper.recover()
    }

    /// So that another user can be the daemon.
    func openToAll() throws {
        chmod(directory.path, 0o777)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            chmod(directory.path + "/" + name, 0o666)
        }
    }

    func pass(seconds: Int) { clock.pass(seconds: seconds) }

    func entries() throws -> [AuditEntry] { try trail.store.entries(AuditQuery()) }

    /// As on a disk that takes nothing: a folder is in the place of the file, which root cannot write to either.
    func withoutStore(_ body: () throws -> Void) throws {
        let path = trail.store.path
        let files = ["", "-wal", "-shm"].map { path + $0 }
        trail.store.close()
        for file in files where FileManager.default.fileExists(atPath: file) {
            try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
        }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try body()
        try FileManager.default.removeItem(atPath: path)
        for file in files where FileManager.default.fileExists(atPath: file + ".away") {
            try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
        }
    }

    /// As a version of another day wrote it. https://www.sqlite.org/fileformat.html, "User version number": at 60.
    ///
    /// - Returns: the bytes of before.
    func replaceSchemaVersion(by bytes: [UInt8]) throws -> [UInt8] {
        trail.store.close()
        let file = try #require(FileHandle(forUpdatingAtPath: trail.store.path))
        try file.seek(toOffset: 60)
        let before = try #require(try file.read(upToCount: bytes.count))
        try file.seek(toOffset: 60)
        try file.write(contentsOf: bytes)
        try file.close()
        return Array(before)
    }

    private static func keeper(
        _ directory: TemporaryDirectory, _ clock: TestClock, _ bootID: String, _ appliesAtStart: Bool = true
    ) throws -> (AuditTrail, ProtectionKeeper) {
        let trail = AuditTrail(store: ProtectionStore(path: directory.path + "/" + ProtectionStore.fileName))
        var settings = ProtectionKeeper.Settings()
        settings.trail = trail
        settings.now = { clock.now }
        settings.appliesAtStart = appliesAtStart
        let kernel = RunningKernel(version: try RunningKernel.read().version, bootID: bootID)
        return (
            trail, ProtectionKeeper(table: ProcessTable(), cgroups: MemoryCgroups(), kernel: kernel, settings: settings)
        )
    }
}

/// The time of this machine, and what the test adds to it.
private final class TestClock: Sendable {
    private let ahead = Mutex(0)

    var now: RecordedTime {
        let (real, ahead) = (RecordedTime.now, ahead.withLock { $0 })
        return RecordedTime(
            sinceBoot: Nanoseconds(real.sinceBoot.count + ahead),
            wall: Timestamp(unixNanoseconds: real.wall.unixNanoseconds + ahead))
    }

    func pass(seconds: Int) { ahead.withLock { $0 += seconds * 1_000_000_000 } }
}

/// What /proc says.
func adjustment(of process: ProcessID) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/oom_score_adj", encoding: .utf8)
    return try #require(Int(text.trimmingCharacters(in: .newlines)))
}

/// As somebody else would.
func setAdjustment(of process: ProcessID, to value: Int) throws {
    try "\(value)\n".write(toFile: "/proc/\(process)/oom_score_adj", atomically: false, encoding: .utf8)
}
