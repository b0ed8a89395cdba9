import Kernel
import Support
import Testing

@testable import Store

@Suite struct RetentionTests {
    @Test func whatIsOlderThanTheAgeGoesAndStaysCounted() throws {
        let scene = try Scene()
        try scene.tell([kill(0), kill(100)])
        let outcome = try scene.store.retain(Retention(age: Nanoseconds(60 * second)), now: midnight + 120 * second)
        #expect((outcome.removedForAge, outcome.removedForSize) == (1, 0))
        #expect(try scene.all().map(\.id) == ["b-200"])
        #expect(try scene.store.counters().victimsByScope == [.memcg: 2])
    }

    @Test func whatIsTooMuchGoesFromTheOldestAndTheFileShrinks() throws {
        let scene = try Scene()
        var random = SystemRandomNumberGenerator()
        let bulky = (0..<60).map { number in
            var record = kill(number)
            record.evidence[0].text = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
            return record
        }
        try scene.tell(bulky)
        let before = try scene.store.fileSize()
        let limit = Bytes(kibibytes: 512)
        let outcome = try scene.store.retain(Retention(size: limit), now: midnight + 120 * second)
        let left = try scene.all()
        #expect(outcome.removedForSize == 60 - left.count)
        #expect(left.first?.id == "b-159")
        #expect(!left.isEmpty)
        #expect(before > limit)
        #expect(try scene.store.fileSize() <= limit)
        #expect(try scene.store.event("b-159") != nil)
    }

    @Test func aClockThatJumpsAYearAheadThrowsNothingAway() throws {
        let scene = try Scene()
        try scene.tell([kill(0)])
        let retention = Retention(age: Nanoseconds(30 * day))
        _ = try scene.store.retain(retention, now: midnight + day)
        #expect(try scene.store.retain(retention, now: midnight + 365 * day).distrustsClock)
        #expect(try scene.all().count == 1)
        #expect(try scene.store.retain(retention, now: midnight + 366 * day).removedForAge == 1)
    }

    @Test func aClockThatWasSetBackByADayLosesNothing() throws {
        let scene = try Scene()
        try scene.tell([kill(0)])
        _ = try scene.store.retain(Retention(), now: midnight + day)
        var later = kill(10)
        later.killedAt = midnight + -day
        try scene.tell([later])
        #expect(try scene.store.retain(Retention(), now: midnight) == RetentionOutcome())
        #expect(try scene.store.events(after: 0, EventQuery()).map(\.id) == ["b-100", "b-110"])
    }
}
