import Kernel
import Support
import Testing

@testable import Store

@Suite struct KillVerdictTests {
    private let now = midnight + 3_600 * second

    /// The log of boot `b` was read from midnight for so many seconds.
    private func cover(_ scene: Scene, seconds: ClosedRange<Int>) throws {
        try scene.store.cover(
            CoveredSpan(
                bootID: "b", sequences: UInt64(seconds.lowerBound)...UInt64(seconds.upperBound),
                kernelTime: TimeSinceBoot(seconds: seconds.lowerBound)...TimeSinceBoot(seconds: seconds.upperBound),
                time: (midnight + seconds.lowerBound * second)...(midnight + seconds.upperBound * second)))
    }

    private func explain(_ scene: Scene, _ subject: KillQuestion.Subject, at seconds: Int) throws -> KillVerdict {
        let question = KillQuestion(subject, at: midnight + seconds * second, within: Nanoseconds(60 * second))
        return try scene.store.explain(question, now: now)
    }

    @Test func namesTheKillNearestToTheTime() throws {
        let scene = try Scene()
        try scene.tell([kill(100), kill(140)])
        let verdict = try explain(scene, .comm("eater"), at: 150)
        #expect(verdict.answer == .killed)
        #expect(verdict.events.map(\.id) == ["b-240", "b-200"])
    }

    @Test func nothingInALogWithoutAGapIsNoKill() throws {
        let scene = try Scene()
        try scene.tell([kill(100)])
        try cover(scene, seconds: 0...400)
        let verdict = try explain(scene, .processID(ProcessID(4711)), at: 100)
        #expect(verdict.answer == .notKilled)
        #expect(verdict.uncovered.isEmpty)
        #expect(verdict.covered.count == 1)
    }

    @Test func aTimeThatWasNotReadCannotBeKnown() throws {
        let scene = try Scene()
        try cover(scene, seconds: 0...120)
        try cover(scene, seconds: 150...400)
        let verdict = try explain(scene, .comm("postgres"), at: 130)
        #expect(verdict.answer == .unknown)
        #expect(verdict.uncovered == [(midnight + 120 * second)...(midnight + 150 * second)])
    }

    @Test func aKillOutsideTheToleranceIsAnother() throws {
        let scene = try Scene()
        try scene.tell([kill(100)])
        try cover(scene, seconds: 0...400)
        #expect(try explain(scene, .comm("eater"), at: 161).answer == .notKilled)
        #expect(try explain(scene, .comm("eater"), at: 160).answer == .killed)
    }

    @Test func aBareKillMayHaveBeenInTheContainer() throws {
        let scene = try Scene()
        try cover(scene, seconds: 0...400)
        var bare = kill(100)
        bare.kind = .killWithoutReport
        try scene.tell([bare])
        let verdict = try explain(scene, .container("0123456789ab"), at: 100)
        #expect(verdict.answer == .unknown)
        #expect(verdict.events.map(\.id) == ["b-200"])
        #expect(try explain(scene, .comm("other"), at: 100).answer == .notKilled)
    }

    @Test func aContainerIsNamedByTheBeginningOfItsID() throws {
        let scene = try Scene()
        var record = kill(100)
        record.container = "0123456789abcdef"
        record.victimCgroup = CgroupPath("/docker/0123456789abcdef".utf8)
        try scene.tell([record])
        #expect(try explain(scene, .container("0123456789ab"), at: 100).answer == .killed)
        #expect(try explain(scene, .unit("docker.service"), at: 100).answer == .unknown)
    }

    @Test func nothingIsToldOfATimeAhead() throws {
        let scene = try Scene()
        try cover(scene, seconds: 0...3_600)
        #expect(try explain(scene, .comm("eater"), at: 3_600).answer == .notKilled)
        #expect(try explain(scene, .comm("eater"), at: 3_601).answer == .unknown)
    }
}
