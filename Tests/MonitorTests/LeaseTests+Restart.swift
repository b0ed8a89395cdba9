import Foundation
import Kernel
import Monitor
import Store
import Support
import Testing

/// The daemon ends and starts again while its processes live on.
extension LeaseTests {
    @Test func leasesSurviveARestart() throws {
        let lease = try scene.keeper.protect(child.id, 600, seconds: 60).lease
        try scene.restart()
        #expect(try scene.keeper.leases() == [lease])
        #expect(try adjustment(of: child.id) == 600)
        _ = try scene.keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == floor)
    }

    @Test func whatWasPutBackAtTheStopIsAppliedAgain() throws {
        _ = try scene.keeper.protect(child.id, 600)
        let said = try scene.keeper.suspend()
        #expect(said == ["process \(child.id): oom_score_adj 600 is \(floor) again"])
        #expect(try adjustment(of: child.id) == floor)
        #expect(try scene.keeper.suspend().isEmpty)
        try scene.restart()
        #expect(try adjustment(of: child.id) == 600)
        _ = try scene.keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == floor)
    }

    @Test func whatRanOutMeanwhileIsPutBackAtTheStart() throws {
        let lease = try scene.keeper.protect(child.id, 600, seconds: 60).lease
        scene.pass(seconds: 61)
        try scene.restart()
        #expect(try adjustment(of: child.id) == floor)
        #expect(try scene.keeper.leases().isEmpty)
        #expect(try scene.trail.store.touchedProcesses().isEmpty)
        #expect(try scene.entries().filter { $0.verb == .expireLease }.map(\.lease) == [lease.id])
    }

    @Test func aStoreThatCouldNotBeReadAtTheStartIsTriedAgain() throws {
        _ = try scene.keeper.protect(child.id, 600, seconds: 60)
        scene.pass(seconds: 61)
        let version = try scene.replaceSchemaVersion(by: [0, 0, 0, 99])
        #expect(throws: (any Error).self) { try scene.restart() }
        try scene.keeper.start()
        defer { scene.keeper.stop() }
        #expect(try adjustment(of: child.id) == 600)
        _ = try scene.replaceSchemaVersion(by: version)
        try waitUntil { try adjustment(of: child.id) == floor }
    }

    /// A folder is in the place of the file that SQLite maps: nothing can be written, but what was closed can be read.
    @Test func whatIsProtectedIsPutBackThoughTheDiskIsFull() throws {
        _ = try scene.keeper.protect(child.id, 600)
        scene.trail.store.close()
        let inTheWay = scene.trail.store.path + "-shm"
        try FileManager.default.createDirectory(atPath: inTheWay, withIntermediateDirectories: true)
        try scene.restart(appliesAtStart: false)
        #expect(try scene.keeper.suspend() == ["process \(child.id): oom_score_adj 600 is \(floor) again"])
        #expect(try adjustment(of: child.id) == floor)
        try FileManager.default.removeItem(atPath: inTheWay)
        scene.trail.flush()
        let last = try #require(try scene.entries().last)
        #expect(last.verb == .restore)
        #expect(last.after?.rawValue == floor)
    }

    @Test func whatSomebodyElseChangedMeanwhileIsLeftAlone() throws {
        _ = try scene.keeper.protect(child.id, 600)
        try setAdjustment(of: child.id, to: 450)
        try scene.restart()
        #expect(try adjustment(of: child.id) == 450)
        #expect(try scene.keeper.unprotect(child.id).isLeftAlone)
        #expect(try adjustment(of: child.id) == 450)
    }

    @Test func leasesOfEndedProcessesEnd() throws {
        let lease = try scene.keeper.protect(child.id, 600).lease
        child.end()
        try scene.restart()
        #expect(try scene.keeper.leases().isEmpty)
        #expect(try scene.trail.store.leases(endedSince: lease.createdAt).map(\.end?.why) == [.processEnded])
    }

    @Test func leasesOfAnotherBootEnd() throws {
        let lease = try scene.keeper.protect(child.id, 600).lease
        try scene.restart(bootID: "another boot")
        #expect(try scene.keeper.leases().isEmpty)
        #expect(try adjustment(of: child.id) == 600)
        #expect(try scene.trail.store.leases(endedSince: lease.createdAt).map(\.end?.why) == [.rebooted])
        #expect(try scene.trail.store.touchedProcesses().isEmpty)
    }

    /// As after a death between the intention and the write, and between the write and the news of it.
    @Test(arguments: [false, true])
    func whatWasIntendedIsBroughtToAnEnd(isWritten: Bool) throws {
        let lease = try scene.keeper.protect(child.id, 600).lease
        var entry = try #require(try scene.entries().first)
        entry.action = "a-lost"
        entry.before = OOMScoreAdjustment(600)
        entry.after = OOMScoreAdjustment(700)
        var renewed = lease
        renewed.adjustment = try #require(OOMScoreAdjustment(700))
        var touched = try #require(try scene.trail.store.touchedProcesses().first)
        touched.applied = renewed.adjustment
        try scene.trail.store.write([.audit(entry), .lease(renewed), .touched(touched)])
        if isWritten { try setAdjustment(of: child.id, to: 700) }
        try scene.restart()
        #expect(try adjustment(of: child.id) == 700)
        let last = try #require(try scene.entries().last { $0.action == "a-lost" })
        #expect(last.result == .recovered)
        #expect(last.after?.rawValue == 700)
        #expect(try scene.trail.store.unfinishedEntries().isEmpty)
        _ = try scene.keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == floor)
    }

    /// Its number and its time are those of one that runs now.
    @Test func aProcessOfAnotherBootIsNotDescribed() throws {
        _ = try scene.keeper.protect(child.id, 600)
        var entry = try #require(try scene.entries().first)
        entry.action = "a-lost"
        entry.subject?.bootID = "another boot"
        try scene.trail.store.write([.audit(entry)])
        try scene.restart()
        let last = try #require(try scene.entries().last { $0.action == "a-lost" })
        #expect(last.result == .recovered)
        #expect(last.after == nil)
    }

    /// As `oomwarden restore` does it after a death.
    @Test func whoOnlyPutsBackAppliesNothing() throws {
        _ = try scene.keeper.protect(child.id, 600)
        try scene.restart(appliesAtStart: false)
        #expect(try scene.keeper.suspend().count == 1)
        #expect(try adjustment(of: child.id) == floor)
        try scene.restart(appliesAtStart: false)
        #expect(try scene.keeper.suspend().isEmpty)
        try scene.restart()
        #expect(try adjustment(of: child.id) == 600)
    }
}
