import Diagnosis
import Foundation
import Host
import Kernel
import Monitor
import Store
import Support
import Testing

/// A policy's claim on a process: after every lease, and never in a fight.
@Suite struct PolicyClaimTests {
    private let scene: LeaseScene
    private let child: Child
    private let floor: Int
    private let start: ClockTicks

    init() throws {
        scene = try LeaseScene()
        child = try Child.sleeping()
        floor = try adjustment(of: child.id)
        start = try ProcessHandle(opening: child.id, in: ProcessTable()).startTime
    }

    private func claim(_ value: Int?, _ name: String = "databases") throws -> ClaimOutcome {
        let claim = try value.map {
            PolicyClaim(name: name, adjustment: try #require(OOMScoreAdjustment($0)), children: .reset)
        }
        return scene.keeper.setPolicyClaim(claim, on: child.id, startTime: start)
    }

    private func applied(_ before: Int, _ after: Int) throws -> ClaimOutcome {
        .applied(before: try #require(OOMScoreAdjustment(before)), after: try #require(OOMScoreAdjustment(after)))
    }

    @Test func aClaimIsAppliedOnceAndGivenUp() throws {
        #expect(try claim(600) == applied(floor, 600))
        #expect(try claim(600) == .unchanged)
        #expect(try claim(500) == applied(600, 500))
        #expect(try claim(nil) == applied(500, floor))
        #expect(try claim(nil) == .unchanged)
        #expect(try adjustment(of: child.id) == floor)
        #expect(try scene.entries().first?.policy == "databases")
    }

    @Test func aLeaseGoesBeforeIt() throws {
        let lease = try scene.keeper.protect(child.id, 300).lease
        #expect(try claim(600) == .outranked(lease: lease.id))
        #expect(try adjustment(of: child.id) == 300)
        _ = try scene.keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == 600)
        #expect(try claim(nil) == applied(600, floor))
    }

    @Test func aLeaseTakesOverAndGivesBack() throws {
        _ = try claim(600)
        _ = try scene.keeper.protect(child.id, 300)
        #expect(try adjustment(of: child.id) == 300)
        _ = try claim(nil)
        _ = try scene.keeper.unprotect(child.id)
        #expect(try adjustment(of: child.id) == floor)
    }

    @Test func whatIsChangedTwiceIsContestedAndLeftAlone() throws {
        _ = try claim(600)
        try setAdjustment(of: child.id, to: 400)
        #expect(try claim(600) == applied(400, 600))
        try setAdjustment(of: child.id, to: 400)
        #expect(try claim(600) == .contested)
        #expect(try claim(600) == .contested)
        #expect(try adjustment(of: child.id) == 400)
        // Another value is another wish.
        #expect(try claim(500) == applied(400, 500))
    }

    @Test func anotherProcessIsGone() throws {
        let claim = PolicyClaim(name: "x", adjustment: .neutral, children: .reset)
        #expect(scene.keeper.setPolicyClaim(claim, on: child.id, startTime: ClockTicks(1)) == .gone)
    }

    @Test func claimsSurviveARestart() throws {
        _ = try claim(600)
        try scene.restart()
        #expect(try adjustment(of: child.id) == 600)
        #expect(scene.keeper.policyClaims.map(\.process) == [child.id])
        #expect(try claim(nil) == applied(600, floor))
        #expect(scene.keeper.policyClaims.isEmpty)
    }
}
