import Diagnosis
import Kernel
import Testing

@Suite struct VictimForecastTests {
    @Test func theOrderIsTheKernels() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 5_000)
        try scene.add(11, pages: 9_000)
        // 1,000 + 100 × 100
        try scene.add(12, pages: 1_000, adjustment: 100)
        let forecast = scene.forecast
        #expect(forecast.pids == [12, 11, 10])
        #expect(forecast.victims.map(\.terms.badness.pages.count) == [11_000, 9_000, 5_000])
        #expect(forecast.victims.map(\.margin) == [Pages(2_000), Pages(4_000), nil])
        #expect(forecast.victims[0].terms.adjustment == Pages(10_000))
        #expect(forecast.isCertain)
        #expect(forecast.doubts.isEmpty)
    }

    @Test func theLimitHoldsAndTheLastKnowsWhatFollows() throws {
        var scene = ForecastScene()
        for pid in Int32(10)..<20 { try scene.add(pid, pages: Int(pid) * 1_000) }
        scene.limit = 2
        let forecast = scene.forecast
        #expect(forecast.pids == [19, 18])
        #expect(forecast.victims[1].margin == Pages(1_000))
        #expect(forecast.candidates == 10)
    }

    @Test func twoThatAreTooCloseAreNotCertain() throws {
        var scene = ForecastScene()
        try scene.add(10, "first", pages: 9_255)
        try scene.add(11, "second", pages: 9_000)
        #expect(!scene.forecast.isCertain)
        #expect(scene.forecast.doubtIDs == [.tooClose])
        scene.counterError = Pages(255)
        #expect(scene.forecast.isCertain)
        // 255 pages are less than a hundredth of the machine.
        #expect(scene.forecast.doubtIDs == [.closeRace])
        #expect(
            scene.forecast.doubts[0].claim == "second (11) is 1020 KiB behind first (10): if it grows by as much, it dies instead"
        )
    }

    /// Since 5.3 the later of two wins, before it the first.
    @Test(arguments: [(KernelVersion(5, 3), [Int32(11), 10]), (KernelVersion(5, 2), [10, 11])])
    func aTieGoesByTheVersion(kernel: KernelVersion, order: [Int32]) throws {
        var scene = ForecastScene()
        scene.kernel = kernel
        try scene.add(10, pages: 9_000)
        try scene.add(11, pages: 9_000)
        #expect(scene.forecast.pids == order)
        #expect(!scene.forecast.isCertain)
    }

    @Test func thoseThatAreNeverChosenAreNamed() throws {
        var scene = ForecastScene()
        try scene.add(1, "init", pages: 9_000)
        try scene.add(2, "kthreadd", pages: nil)
        try scene.add(10, "exempt", pages: 8_000, adjustment: -1000)
        try scene.add(11, "gone", pages: nil, state: "Z")
        try scene.add(12, pages: 10, adjustment: -999)
        let forecast = scene.forecast
        #expect(forecast.pids == [12])
        #expect(forecast.reason(of: 1) == .initProcess)
        #expect(forecast.reason(of: 2) == .kernelThread)
        #expect(forecast.reason(of: 10) == .exempt)
        #expect(forecast.reason(of: 11) == .zombie)
        #expect(forecast.excluded.first?.status.process == ProcessID(1), "the largest first")
    }

    @Test func oneThatIsBeingKilledIsPassedOver() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000)
        try scene.add(11, pages: 5_000)
        scene.change(10) { $0.status = StatusDetails(isKillPending: true, allowedNodes: nil, kinds: nil) }
        #expect(scene.forecast.pids == [11])
        #expect(scene.forecast.reason(of: 10) == .beingKilled)
        #expect(scene.forecast.doubtIDs.contains(.killInProgress))
    }

    /// `proc_oom_score()` shows 0 for a process that `oom_badness()` passes over; 9,000 of 100,000 pages would show 726.
    @Test func theKernelsOwnZeroIsBelieved() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000)
        try scene.add(11, pages: 5_000)
        scene.change(10) { $0.score = 0 }
        #expect(scene.forecast.pids == [11])
        #expect(scene.forecast.reason(of: 10) == .beingKilled)
    }

    @Test func aChildThatHasItsParentsMemoryIsInVfork() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000, state: "D")
        try scene.add(11, pages: 9_000, parent: 10)
        scene.change(11) { $0.score = 0 }
        #expect(scene.forecast.pids == [10])
        #expect(scene.forecast.reason(of: 11) == .vfork)
    }

    /// With −999 of 100,000 pages the kernel shows (1000 + (100 − 99,900) × 1000 / 100,000) × 2 / 3 = 1 for 100 pages.
    @Test func aScoreOfNearlyNothingIsNoExclusion() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 100, adjustment: -999)
        scene.change(10) { $0.score = 0 }
        #expect(scene.forecast.pids == [10])
    }

    @Test func whoDiesTogetherStandsInTheScope() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000)
        try scene.add(11, pages: 9_000)
        try scene.add(12, pages: 2_000)
        try scene.add(13, pages: 9_999, adjustment: -1000)
        scene.change(11) {
            $0.sharing = [ProcessID(10)]
            $0.groupMembers = [ProcessID(12), ProcessID(13), ProcessID(1)]
        }
        let forecast = scene.forecast
        #expect(forecast.victims[0].killScope == [ProcessID(11), ProcessID(10), ProcessID(12)])
        // Nobody is left who would not die with it.
        #expect(forecast.isCertain)
    }

    @Test func oneThatHasEndedIsLeftOut() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000)
        try scene.add(11, pages: 5_000)
        scene.details[ProcessID(10)] = nil
        #expect(scene.forecast.pids == [11])
    }

    @Test func withoutAVictimTheMachineStops() throws {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000, adjustment: -1000)
        #expect(scene.forecast.victims.isEmpty)
        #expect(scene.forecast.doubts.map(\.claim) == ["no process may be killed: the kernel panics"])
        scene.processes = []
        #expect(scene.forecast.doubts.isEmpty, "an empty listing is no machine")
    }
}
