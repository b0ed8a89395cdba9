import Diagnosis
import Foundation
import Host
import Kernel
import Monitor
import Store
import Support
import Synchronization
import Testing

/// Raises, and lowering back to where it was: what every user may do to a process of its own.
@Suite struct LeaseTests {
    let scene: LeaseScene
    let child: Child
    let floor: Int

    init() throws {
        scene = try LeaseScene()
        child = try Child.sleeping()
        floor = try adjustment(of: child.id)
    }

    private var keeper: ProtectionKeeper { scene.keeper }

    @Test func aLeaseEndsWhenItsTimeIsOver() throws {
        let lease = try keeper.protect(child.id, 700, seconds: 60).lease
        #expect(lease.id.wholeMatch(of: /l-[0-9a-f]{8}/) != nil)
        scene.pass(seconds: 59)
        try keeper.expireLeases()
        #expect(try adjustment(of: child.id) == 700)
        scene.pass(seconds: 2)
        try keeper.expireLeases()
        #expect(try adjustment(of: child.id) == floor)
        #expect(try keeper.leases().isEmpty)
        #expect(try scene.trail.store.leases(endedSince: lease.createdAt).map(\.end?.why) == [.expired])
    }

    @Test func theThreadEndsItByTheClock() throws {
        try keeper.start()
        defer { keeper.stop() }
        _ = try keeper.protect(child.id, 700, seconds: 1)
        #expect(try adjustment(of: child.id) == 700)
        #expect(try eventually(within: 10) { try adjustment(of: child.id) == floor })
    }

    @Test func theSameOwnerRenews() throws {
        let first = try keeper.protect(child.id, 700, seconds: 60)
        scene.pass(seconds: 30)
        let second = try keeper.protect(child.id, 500, seconds: 60)
        #expect(!first.isRenewed && second.isRenewed)
        #expect(first.lease.id == second.lease.id)
        #expect(first.lease.createdAt == second.lease.createdAt)
        #expect(try keeper.leases() == [second.lease])
        scene.pass(seconds: 40)
        try keeper.expireLeases()
        #expect(try adjustment(of: child.id) == 500)
        #expect(try keeper.unprotect(child.id).outcome?.after.adjustment.rawValue == floor)
        #expect(try scene.entries().map(\.verb) == [.protect, .protect, .renew, .renew, .unprotect, .unprotect])
    }

    @Test func theStrongestIsInForceAndTheLastGivesBack() throws {
        _ = try keeper.protect(child.id, 600, by: .ops)
        let stronger = try keeper.protect(child.id, 300, by: .job)
        #expect(stronger.outrankedBy == nil)
        #expect(try adjustment(of: child.id) == 300)
        let weaker = try keeper.protect(child.id, 800, by: .admin)
        #expect(weaker.outrankedBy == stronger.lease.id && !weaker.outcome.changed)
        #expect(try adjustment(of: child.id) == 300)
        _ = try keeper.endLease(stronger.lease.id, by: .job)
        #expect(try adjustment(of: child.id) == 600)
        _ = try keeper.unprotect(child.id, by: .ops)
        #expect(try adjustment(of: child.id) == 800)
        _ = try keeper.endLease(weaker.lease.id, by: .admin)
        #expect(try adjustment(of: child.id) == floor)
    }

    @Test func onlyItsOwnerOrAnAdminEndsIt() throws {
        let lease = try keeper.protect(child.id, 600, by: .ops).lease
        let refusal = ProtectionError.notTheOwner(lease: lease.id, owner: "ops")
        #expect(throws: refusal) { try keeper.endLease(lease.id, by: .job) }
        #expect(throws: refusal) { try keeper.unprotect(child.id, by: .job) }
        #expect(try adjustment(of: child.id) == 600)
        #expect(try keeper.unprotect(child.id, by: .admin).ended.map(\.id) == [lease.id])
        #expect(throws: ProtectionError.noSuchLease(lease.id)) { try keeper.endLease(lease.id, by: .admin) }
    }

    @Test func whatSomebodyElseHasChangedIsLeftAlone() throws {
        _ = try keeper.protect(child.id, 600)
        try setAdjustment(of: child.id, to: 450)
        let release = try keeper.unprotect(child.id)
        #expect(release.isLeftAlone)
        #expect(release.outcome?.after.adjustment.rawValue == 450)
        #expect(try adjustment(of: child.id) == 450)
        #expect(try keeper.leases().isEmpty)
        #expect(try scene.entries().last?.result == .leftAlone)
    }

    /// Who asks again wants the value now; what is put back then is what that other one had set.
    @Test func aLeaseAfterAnothersChangeGivesBackThatOnes() throws {
        _ = try keeper.protect(child.id, 600)
        try setAdjustment(of: child.id, to: 450)
        _ = try keeper.protect(child.id, 600)
        #expect(try adjustment(of: child.id) == 600)
        _ = try keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == 450)
    }

    @Test func theSameValueAgainChangesNothing() throws {
        _ = try keeper.protect(child.id, 600)
        #expect(try !keeper.protect(child.id, 600).outcome.changed)
        #expect(try adjustment(of: child.id) == 600)
    }

    @Test func aLeaseEndsWithItsProcess() throws {
        let lease = try keeper.protect(child.id, 600).lease
        child.end()
        keeper.noteExited(child.id)
        #expect(try keeper.leases().isEmpty)
        #expect(try scene.trail.store.leases(endedSince: lease.createdAt).map(\.end?.why) == [.processEnded])
    }

    @Test func aSweepFindsWhoHasEnded() throws {
        _ = try keeper.protect(child.id, 600)
        child.end()
        keeper.sweep()
        #expect(try keeper.leases().isEmpty)
        #expect(try scene.trail.store.touchedProcesses().isEmpty)
    }

    @Test func theEndOfALeaseOfAnEndedProcessIsNoFailure() throws {
        let lease = try keeper.protect(child.id, 600).lease
        child.end()
        let release = try keeper.endLease(lease.id, by: .ops)
        #expect(release.outcome == nil)
        #expect(release.ended.map(\.id) == [lease.id])
    }

    @Test func everyActIsWrittenDownBeforeAndAfter() throws {
        let lease = try keeper.protect(child.id, 600).lease
        let entries = try scene.entries()
        #expect(entries.map(\.result) == [.intended, .done])
        #expect(Set(entries.map(\.action)).count == 1)
        #expect(entries.allSatisfy { $0.lease == lease.id && $0.who.name == "ops" && $0.before?.rawValue == floor })
        #expect(entries.allSatisfy { $0.after?.rawValue == 600 && $0.subject?.command == "sleep" })
    }

    @Test func whatTheKernelRefusesLeavesNoLease() throws {
        guard try !Capabilities.readOwn().effective.contains(.sysResource) else {
            print("skipped: this process holds CAP_SYS_RESOURCE, so that nothing is refused")
            return
        }
        #expect(throws: ProtectionError.self) { try keeper.protect(child.id, floor - 100) }
        #expect(try keeper.leases().isEmpty)
        #expect(try scene.entries().map(\.result) == [.intended, .failed])
        #expect(try scene.trail.store.touchedProcesses().isEmpty)
        _ = try keeper.protect(child.id, 600)
        #expect(throws: ProtectionError.self) { try keeper.protect(child.id, floor - 100) }
        #expect(try keeper.leases().map(\.adjustment.rawValue) == [600])
        #expect(try adjustment(of: child.id) == 600)
    }

    @Test func whatCannotBeWrittenDownIsNotDone() throws {
        _ = try keeper.protect(child.id, 600)
        let other = try Child.sleeping()
        try scene.withoutStore { () throws in
            let error = #expect(throws: ProtectionError.self) { try keeper.protect(other.id, 600) }
            guard case .auditUnwritable? = error else {
                Issue.record("it is \(String(describing: error))")
                return
            }
            #expect(try adjustment(of: other.id) == floor)
            #expect(try keeper.unprotect(child.id).outcome?.after.adjustment.rawValue == floor)
            #expect(try adjustment(of: child.id) == floor)
        }
        _ = try keeper.protect(other.id, 500)
        #expect(try scene.entries().map(\.verb) == [.protect, .protect, .unprotect, .unprotect, .protect, .protect])
        #expect(scene.trail.writeErrors > 1)
    }

    @Test func whoTellsOfForksIsToldWhenItMatters() throws {
        let told = Mutex<[Bool]>([])
        var settings = ProtectionKeeper.Settings()
        settings.onHolding = { isHolding in told.withLock { $0.append(isHolding) } }
        let keeper = ProtectionKeeper(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read(), settings: settings)
        _ = try keeper.protect(child.id, 600)
        _ = try keeper.protect(child.id, 500)
        _ = try keeper.unprotect(child.id)
        #expect(told.withLock { $0 } == [true, false])
    }

    @Test func aRefusedBudgetChangesNothing() throws {
        var settings = ProtectionKeeper.Settings()
        settings.checkBudget = { candidate throws(ProtectionError) in
            guard candidate.wanted.rawValue < 600 else { throw .nothingToRestore(candidate.process) }
        }
        let strict = ProtectionKeeper(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read(), settings: settings)
        #expect(throws: ProtectionError.nothingToRestore(child.id)) { try strict.protect(child.id, 600) }
        #expect(try adjustment(of: child.id) == floor)
        _ = try strict.protect(child.id, 500)
    }
}
