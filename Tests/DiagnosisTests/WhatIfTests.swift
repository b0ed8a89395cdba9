import Diagnosis
import Kernel
import Testing

@Suite struct WhatIfTests {
    private static func scene() throws -> ForecastScene {
        var scene = ForecastScene()
        try scene.add(10, "mysqld", pages: 30_000)
        try scene.add(11, "apache", pages: 20_000)
        try scene.add(12, "cron", pages: 1_000)
        return scene
    }

    /// 30,000 − 500 × 100 is less than 0.
    @Test func theOrderTurnsRound() throws {
        let whatIf = try Self.scene().whatIf([10: -500])
        #expect(whatIf.before.pids == [10, 11, 12])
        #expect(whatIf.after.pids == [11, 12, 10])
        #expect(whatIf.after.victims[2].terms.badness == Badness(Pages(-20_000)))
        #expect(whatIf.changes.map(\.before) == [.neutral])
        #expect(whatIf.changes.map(\.after.rawValue) == [-500])
    }

    @Test func killsComeOneAfterTheOther() throws {
        let whatIf = try Self.scene().whatIf([10: -1000], kills: 5, returns: Bytes(mebibytes: 3))
        #expect(whatIf.kills.map(\.victim.process.rawValue) == [11, 12])
        #expect(whatIf.kills.map(\.returns.most) == [Bytes(mebibytes: 3), Bytes(mebibytes: 3)])
        #expect(try Self.scene().whatIf([:], kills: 0).kills.isEmpty)
    }

    @Test func whoDiesTogetherIsGoneForTheNext() throws {
        var scene = try Self.scene()
        scene.change(10) { $0.sharing = [ProcessID(11)] }
        #expect(scene.whatIf([:]).kills.map(\.victim.process.rawValue) == [10, 12])
    }

    /// Since 4.8 the value is given to all that share the memory.
    @Test func whoSharesTheMemoryIsChangedWithIt() throws {
        var scene = try Self.scene()
        scene.change(10) { $0.sharing = [ProcessID(11)] }
        let whatIf = scene.whatIf([10: -1000])
        #expect(whatIf.after.pids == [12])
        #expect(whatIf.changes[0].alsoChanged == [ProcessID(11)])
        scene.kernel = KernelVersion(4, 7)
        #expect(scene.whatIf([10: -1000]).after.pids == [11, 12])
    }

    /// The score was read of an exempt process: it says nothing about one that is not.
    @Test func oneThatIsNoLongerExemptStandsInTheOrder() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 30_000, adjustment: -1000)
        try scene.add(11, pages: 20_000)
        scene.change(10) { $0.score = 0 }
        #expect(scene.whatIf([10: 0]).after.pids == [10, 11])
    }

    @Test func aSharedPageComesBackWithItsLastUser() {
        let memory = ProcessStatus.Memory(
            resident: Bytes(kibibytes: 1_000), swapped: Bytes(kibibytes: 50), pageTables: Bytes(kibibytes: 20))
        let kinds = StatusDetails.MemoryKinds(
            anonymous: Bytes(kibibytes: 600), file: Bytes(kibibytes: 300), shared: Bytes(kibibytes: 100))
        let alone = KillReturn(of: memory, kinds: kinds, rollup: nil, relatives: .zero)
        #expect(alone.least == Bytes(kibibytes: 620))
        #expect(alone.most == Bytes(kibibytes: 720))
        #expect(alone.swap == Bytes(kibibytes: 50))
        #expect(alone.basis == .status)
        let forked = KillReturn(of: memory, kinds: kinds, rollup: nil, relatives: Bytes(kibibytes: 500))
        #expect(forked.least == Bytes(kibibytes: 120))
    }

    /// Own pages: 600 less 400 that are no anonymous ones. Shares: 500 of 600, so at most 200 of the 600 are shared.
    @Test func theKernelsOwnSumsNarrowIt() {
        let memory = ProcessStatus.Memory(resident: Bytes(kibibytes: 1_000), swapped: nil, pageTables: nil)
        let rollup = MemoryRollup(
            resident: Bytes(kibibytes: 1_000), ownPages: Bytes(kibibytes: 600), anonymous: Bytes(kibibytes: 600),
            anonymousShare: Bytes(kibibytes: 500), swapped: .zero)
        let returns = KillReturn(of: memory, kinds: nil, rollup: rollup, relatives: Bytes(kibibytes: 9_000))
        #expect(returns.least == Bytes(kibibytes: 400))
        #expect(returns.most == Bytes(kibibytes: 600))
        #expect(returns.basis == .rollup)
        #expect((returns + returns).most == Bytes(kibibytes: 1_200))
    }
}
