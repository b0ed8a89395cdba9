import Foundation
import Kernel
import Support
import Testing

/// 5,000 forks as fast as the kernel makes them, each of which copies the adjustment of the lease, under the real daemon, which
/// is told of them by the kernel.
@Suite(.serialized, .enabled(if: ForkStorm.obstacle == nil, Comment(rawValue: ForkStorm.obstacle ?? "")))
struct ForkStormTests {
    private static let children = 5_000
    /// A second for what is optimised, as `make bench` has it, and for OOMWARDEN_BINARY. A debug build took 0.2 to 3.6 s,
    /// the longer times beside another storm and two busy loops on two processors.
    private static let limit = ProcessInfo.processInfo.environment["OOMWARDEN_BINARY"] == nil ? 10.0 : 1

    @Test func noChildHasTheLeasesValueAfterAStorm() throws {
        let (guardian, storm) = (try Guardian(), try ForkStorm(children: Self.children))
        let floor = try #require(ForkStorm.adjustment(of: storm.id))
        try protect(storm, "reset", guardian)
        let made = try storm.makeChildren()
        #expect(made.children.count == Self.children)
        let seconds = secondsUntil(made, have: floor)
        print("measured: \(Self.children) children had their value back \(seconds) s after the last fork")
        #expect(seconds < Self.limit)
        #expect(ForkStorm.adjustment(of: storm.id) == 700)
    }

    /// They have its value from the kernel; and all are known to belong to it.
    @Test func everyChildKeepsTheValueOfALeaseThatIsInherited() throws {
        let (guardian, storm) = (try Guardian(), try ForkStorm(children: Self.children))
        let floor = try #require(ForkStorm.adjustment(of: storm.id))
        try protect(storm, "inherit", guardian)
        let made = try storm.makeChildren()
        #expect(secondsUntil(made, have: 700) < Self.limit)
        let all = Double(Self.children + 1)
        #expect(try eventually(within: Self.limit) { try Metrics(of: guardian.daemon)["protected_processes"] == all })
        print(
            "measured: \(Self.children) children belonged to the lease \(Self.seconds(since: made.lastFork)) s after the last fork"
        )
        #expect(made.children.allSatisfy { ForkStorm.adjustment(of: $0) == 700 })
        let release = try guardian.unprotect(storm.id)
        #expect(try release.json["children_restored"] == .number(Double(Self.children)))
        #expect(made.children.allSatisfy { ForkStorm.adjustment(of: $0) == floor })
    }

    /// Returns when the daemon is being told of forks: what comes before is for its look at all processes.
    private func protect(_ storm: ForkStorm, _ rule: String, _ guardian: Guardian) throws {
        #expect(try guardian.protect(storm.id, #"{"oom_score_adj":700,"children":"\#(rule)"}"#).status == 200)
        try waitUntil { try guardian.daemon.get("/policies").json["process_events"]["mode"] == "events" }
    }

    private func secondsUntil(_ made: ForkStorm.Made, have value: Int) -> Double {
        var wrong = made.children
        _ = eventually(within: 20) {
            wrong = wrong.filter { ForkStorm.adjustment(of: $0) != value }
            return wrong.isEmpty
        }
        #expect(wrong.isEmpty)
        return Self.seconds(since: made.lastFork)
    }

    private static func seconds(since start: Nanoseconds) -> Double {
        Double(Nanoseconds.monotonic.count - start.count) / 1e9
    }
}
