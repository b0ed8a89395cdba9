import Foundation
import Kernel
import Monitor
import Store
import Support
import Testing

/// What the kernel refuses to take back, as it does to who has lost CAP_DAC_OVERRIDE, is tried again.
@Suite(.serialized) struct RetryTests {
    private let scene: LeaseScene
    private let child: Child
    private let floor: Int
    private static let reason = "the kernel refused: permission denied"

    init() throws {
        scene = try LeaseScene()
        child = try Child.sleeping()
        floor = try adjustment(of: child.id)
    }

    private var keeper: ProtectionKeeper { scene.keeper }

    /// - Returns: false where nobody is refused here; that is printed.
    private func refused() throws -> Bool {
        _ = try keeper.protect(child.id, 700, seconds: 60)
        scene.pass(seconds: 61)
        return try asNobody { try keeper.expireLeases() }
    }

    @Test func aLeaseIsEndingUntilTheValueIsBack() throws {
        guard try refused() else { return }
        #expect(try adjustment(of: child.id) == 700)
        let lease = try #require(try keeper.leases().first)
        #expect(lease.lastError == Self.reason && lease.end == nil)
        #expect(keeper.summary.leases == 0 && keeper.summary.pending == 1)
        #expect(keeper.nextExpiry == nil, "nobody waits for a time that has passed")
        try keeper.retryRestores()
        #expect(try adjustment(of: child.id) == 700)
        scene.pass(seconds: 6)
        try keeper.retryRestores()
        #expect(try adjustment(of: child.id) == floor)
        #expect(try keeper.leases().isEmpty)
        #expect(keeper.summary.pending == 0 && keeper.summary.processes == 0)
        let ended = try scene.trail.store.leases(endedSince: lease.createdAt)
        #expect(ended.map(\.end?.why) == [.expired])
        let results = try scene.entries().filter { $0.verb == .expireLease }.map(\.result)
        #expect(results == [.intended, .failed, .done])
    }

    @Test func whatTheStopCannotPutBackIsCounted() throws {
        _ = try keeper.protect(child.id, 700)
        guard try asNobody({ _ = try keeper.suspend() }) else { return }
        #expect(keeper.summary.pending == 1)
        #expect(try keeper.suspend() == ["process \(child.id): oom_score_adj 700 is \(floor) again"])
        #expect(keeper.summary.pending == 0)
    }

    @Test func eachFailureMakesTheNextTryLater() throws {
        guard try refused() else { return }
        for pause in [5, 10, 20, 40, 60, 60] {
            scene.pass(seconds: pause)
            _ = try asNobody { try keeper.retryRestores() }
        }
        scene.pass(seconds: 59)
        try keeper.retryRestores()
        #expect(try adjustment(of: child.id) == 700)
        scene.pass(seconds: 2)
        try keeper.retryRestores()
        #expect(try adjustment(of: child.id) == floor)
        // The same refusal is written down once.
        #expect(try scene.entries().count { $0.result == .failed } == 1)
    }

    @Test func whatSomebodyElseHasSetMeanwhileEndsIt() throws {
        guard try refused() else { return }
        try setAdjustment(of: child.id, to: 450)
        scene.pass(seconds: 6)
        try keeper.retryRestores()
        #expect(try adjustment(of: child.id) == 450)
        #expect(try keeper.leases().isEmpty)
        #expect(try scene.entries().last?.result == .leftAlone)
    }

    @Test func theEndOfTheProcessEndsIt() throws {
        guard try refused() else { return }
        child.end()
        scene.pass(seconds: 6)
        try keeper.retryRestores()
        #expect(try keeper.leases().isEmpty)
        #expect(keeper.summary.pending == 0)
    }

    @Test func itsOwnerMayEndItAtOnce() throws {
        guard try refused() else { return }
        #expect(try keeper.unprotect(child.id).ended.map(\.end?.why) == [.expired])
        #expect(try adjustment(of: child.id) == floor)
        #expect(keeper.summary.pending == 0)
    }

    @Test func askingAgainPutsItInForceAgain() throws {
        guard try refused() else { return }
        #expect(try keeper.protect(child.id, 600, seconds: 60).isRenewed)
        scene.pass(seconds: 6)
        try keeper.retryRestores()
        #expect(try adjustment(of: child.id) == 600)
        #expect(try keeper.leases().map(\.lastError) == [nil])
        #expect(keeper.summary.pending == 0)
        _ = try keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == floor)
    }

    @Test func aStartThatIsRefusedTriesAgainToo() throws {
        guard try refused() else { return }
        try scene.openToAll()
        _ = try asNobody { try scene.restart() }
        #expect(try scene.keeper.leases().map(\.lastError) == [Self.reason])
        #expect(try adjustment(of: child.id) == 700)
        scene.pass(seconds: 6)
        try scene.keeper.retryRestores()
        #expect(try adjustment(of: child.id) == floor)
        #expect(try scene.keeper.leases().isEmpty)
        #expect(try scene.trail.store.touchedProcesses().isEmpty)
    }

    @Test(arguments: [ChildrenRule.reset, .inherit])
    func childrenGetTheirsWhenItIsPossibleAgain(rule: ChildrenRule) throws {
        let storm = try Storm(children: 2)
        _ = try keeper.protect(storm.id, 700, children: rule, seconds: 60)
        try storm.makeChildren()
        let children = try storm.descendants(2)
        guard asNobody({ keeper.sweep() }) else { return }
        scene.pass(seconds: 61)
        _ = try asNobody { try keeper.expireLeases() }
        #expect(try children.map { try adjustment(of: $0) } == [700, 700])
        #expect(keeper.summary.pending == 3)
        scene.pass(seconds: 21)
        try keeper.retryRestores()
        #expect(try (children + [storm.id]).map { try adjustment(of: $0) } == [floor, floor, floor])
        keeper.flush()
        #expect(try scene.trail.store.touchedProcesses().isEmpty)
    }
}
