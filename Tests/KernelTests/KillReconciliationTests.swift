import Kernel
import Testing

/// What vmstat counts against what the log tells.
@Suite struct KillReconciliationTests {
    @Test func killsBeforeOurTimeAreNoRiddle() {
        var kills = KillReconciliation()
        #expect(kills.unexplained == nil)
        kills.note(counted: 40, told: 3, at: 100)
        #expect(kills.unexplained == 0)
        kills.note(counted: 40, told: 3, at: 200)
        #expect(kills.unexplained == 0)
    }

    @Test func aKillThatTheLogToldIsExplained() {
        var kills = begun()
        kills.note(counted: 41, told: 3, at: 110)
        kills.note(counted: 41, told: 4, at: 111)
        kills.note(counted: 41, told: 4, at: 120)
        #expect(kills.unexplained == 0)
    }

    /// The counter moves before the line is read; on a slow console long before.
    @Test func itIsSettledFiveSecondsAfterTheLastMove() {
        var kills = begun()
        kills.note(counted: 41, told: 3, at: 110)
        kills.note(counted: 41, told: 3, at: 114)
        #expect(kills.unexplained == 0)
        kills.note(counted: 41, told: 3, at: 115)
        #expect(kills.unexplained == 1)
        kills.note(counted: 42, told: 3, at: 116)
        #expect(kills.unexplained == 1)
        kills.note(counted: 42, told: 3, at: 121)
        #expect(kills.unexplained == 2)
    }

    /// `memcg-v2-group`: two processes die, three lines tell it, and the counter moves by three.
    @Test func theFirstVictimOfAGroupCountsTwiceInBoth() {
        var kills = begun()
        kills.note(counted: 43, told: 6, at: 110)
        kills.note(counted: 43, told: 6, at: 120)
        #expect(kills.unexplained == 0)
    }

    @Test func whatWasLostIsExplained() {
        var kills = begun()
        kills.note(counted: 42, told: 3, lost: 500, at: 110)
        kills.note(counted: 42, told: 3, lost: 500, at: 120)
        #expect(kills.unexplained == 0)
        kills.note(counted: 43, told: 3, lost: 500, at: 130)
        kills.note(counted: 43, told: 3, lost: 500, at: 140)
        #expect(kills.unexplained == 1)
    }

    @Test func aCounterThatGoesBackIsThatOfAnotherMachine() {
        var kills = begun()
        kills.note(counted: 45, told: 3, at: 110)
        kills.note(counted: 45, told: 3, at: 120)
        kills.note(counted: 1, told: 3, at: 130)
        #expect(kills.unexplained == 0)
    }

    @Test func extremeNumbersAreSurvived() {
        var kills = KillReconciliation()
        for (counted, told) in [(Int.max, 0), (Int.max, Int.max), (0, Int.max), (Int.max, 0)] {
            kills.note(counted: counted, told: told, lost: .max, at: 0)
            kills.note(counted: counted, told: told, lost: .max, at: Int.max / 2_000_000_000)
        }
        #expect(kills.unexplained ?? 0 >= 0)
    }

    private func begun() -> KillReconciliation {
        var kills = KillReconciliation()
        kills.note(counted: 40, told: 3, at: 100)
        return kills
    }
}

extension KillReconciliation {
    fileprivate mutating func note(counted: Int, told: Int, lost: UInt64 = 0, at seconds: Int) {
        note(Reading(counted: counted, told: told, lost: lost), at: Nanoseconds(seconds * 1_000_000_000))
    }
}
