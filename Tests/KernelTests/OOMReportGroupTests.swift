import Kernel
import Support
import Testing

/// memory.oom.group: one event, several victims.
@Suite struct OOMReportGroupTests {
    @Test func aStormOfGroupsIsOneEventPerGroup() {
        var log = LogScript()
        log.kernel(memcgKill(1, "a"), groupLine, memcgKill(2, "b"), memcgKill(1, "a"))
        log.kernel(memcgKill(11, "c"), groupLine, memcgKill(11, "c"), memcgKill(12, "d"))
        #expect(log.events.map { $0.victims.map { $0.comm?.text } } == [["a", "b"], ["c", "d"]])
        #expect(log.events.map(\.id) == ["boot-100", "boot-104"])
        #expect(log.events.map(\.lastSequence) == [103, 107])
    }

    @Test func aGroupDiesForAVictimThatHasEnded() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"))
        log.kernel("Memory cgroup out of memory: OOM victim 41 (eater) is already exiting. Skip killing the task")
        log.kernel(groupLine, memcgKill(42, "one"), memcgKill(43, "two"))
        #expect(log.events.map { $0.victims.map { $0.comm?.text } } == [["one", "two"]])
        #expect(log.events.map { $0.invoker?.comm } == ["eater"])
    }

    @Test func oneOfAGroupMayHaveEnded() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"), memcgKill(41, "eater"), groupLine, memcgKill(42, "one"))
        log.kernel("Memory cgroup out of memory: OOM victim 43 (two) is already exiting. Skip killing the task")
        log.kernel(memcgKill(44, "three"))
        #expect(log.events.map { $0.victims.map { $0.comm?.text } } == [["eater", "one", "three"]])
    }

    @Test func theLineOfAGroupMayComeInPieces() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"), memcgKill(41, "eater"), "Tasks in ")
        log.user("noise")
        log.piece("/box")
        log.piece(" are going to be killed due to memory.oom.group set")
        log.kernel(memcgKill(42, "one"))
        #expect(log.events.map { $0.victims.count } == [2])
    }

    @Test func aKillLongAfterAGroupIsItsOwn() {
        var log = LogScript()
        log.kernel(memcgKill(1, "a"), groupLine, memcgKill(2, "b"))
        log.pass(seconds: 3)
        log.kernel(memcgKill(3, "c"))
        #expect(log.events.map { $0.victims.count } == [2, 1])
    }

    @Test func aLossInsideAGroupMakesItPartial() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"), memcgKill(41, "eater"), groupLine)
        log.lose(2)
        log.kernel(memcgKill(42, "one"))
        #expect(log.events.map(\.completeness) == [.partial])
    }

    @Test func withoutTheLineOfAGroupEachKillIsItsOwn() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"), memcgKill(41, "eater"), memcgKill(42, "one"))
        #expect(log.events.map(\.kind) == [.kill, .killWithoutReport])
    }
}
