import Diagnosis
import Foundation
import Host
import Kernel
import Monitor
import Support
import Testing

/// Against this machine's own kernel: a cgroup is filled, and whoever dies must have been foretold.
///
/// `OOMWARDEN_ROUNDS=100` for more rounds. Two a second at most: the kernel prints ten reports in five seconds.
@Suite(.serialized) struct LiveForecastTests {
    private static let rounds = ProcessInfo.processInfo.environment["OOMWARDEN_ROUNDS"].flatMap { Int($0) } ?? 5
    private static let mebibyte = Bytes(mebibytes: 1)
    private static let room = Bytes(mebibytes: 2)

    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func whoeverDiesWasForetold() throws {
        let forecaster = Forecaster(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read().version)
        let seed = ProcessInfo.processInfo.environment["OOMWARDEN_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...9999)
        var random = SeededGenerator(seed: seed)
        var hits = 0
        var done = 0
        var counts: [Int] = []
        for _ in 0..<Self.rounds * 10 where done < Self.rounds {
            let start = Date()
            defer { Thread.sleep(forTimeInterval: max(0.55 - Date().timeIntervalSince(start), 0)) }
            let family = try HogFamily(Self.members(&random), room: Self.room)
            let snapshot = ProcFS().readSnapshot()
            let forecast = try forecaster.readForecast(for: .cgroup(family.group.path), limit: 3, snapshot)
            let victims = forecast.victims
            // The one that grows must not come near.
            guard victims.count > 1, victims[0].margin.map({ Bytes($0, of: snapshot.pageSize) >= Self.mebibyte }) == true,
                victims[0].terms.badness.pages.count > 3000
            else { continue }
            let dead = try family.grow(by: Self.room + Bytes(mebibytes: 6))
            // Who was the first of several cannot be told.
            guard dead.count < 2 else { continue }
            let victim = dead.first
            done += 1
            counts.append(family.processes.count)
            hits += victim == victims[0].process ? 1 : 0
            #expect(victim == victims[0].process, "round \(done) of seed \(seed): \(family.processes.count) processes")
            #expect(forecast.isCertain, "round \(done) of seed \(seed): \(forecast.doubts.map(\.claim))")
        }
        #expect(done == Self.rounds, "seed \(seed): too often nobody, or several, died, or the first two were too close")
        print(
            "forecast: \(hits) of \(done) kills in a cgroup foretold, of \(counts.min() ?? 0) to \(counts.max() ?? 0) processes, seed \(seed)"
        )
    }

    /// The sizes leave room for all of them in 500 MiB; nobody may be lowered here.
    private static func members(_ random: inout SeededGenerator) -> [HogFamily.Member] {
        let count = Int.random(in: 3...200, using: &random)
        let most = max(500_000 / count, 2_000)
        return (0..<count).map { index in
            let size = index == 0 ? Int.random(in: 12_000...40_000, using: &random) : Int.random(in: 1_200...most, using: &random)
            let adjustment = Bool.random(using: &random) ? 0 : Int.random(in: 1...1000, using: &random)
            return HogFamily.Member(size: Bytes(kibibytes: size), adjustment: adjustment)
        }
    }
}

/// The same seed gives the same rounds.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9
    }
}
