import Kernel
import Testing

@testable import Monitor

/// It is 12:00:00 (second 1,000,000 here), 500 s after boot.
@Suite struct WallClockTests {
    @Test func aRecordOfTheRingIsAsOldAsItsClockSays() {
        #expect(time(ofRecordAt: 400, isFresh: false) == 999_900)
        #expect(time(ofRecordAt: 0, isFresh: false) == 999_500)
    }

    @Test func aFreshRecordOfADriftedClockIsFromNow() {
        #expect(time(ofRecordAt: 400, isFresh: true) == 1_000_000)
        #expect(time(ofRecordAt: 500, isFresh: true) == 1_000_000)
    }

    @Test func noKillIsInTheFuture() {
        #expect(time(ofRecordAt: 900, isFresh: false) == 1_000_000)
        #expect(time(ofRecordAt: Int.max, isFresh: true) == 1_000_000)
    }

    private func time(ofRecordAt seconds: Int, isFresh: Bool) -> Int {
        let clock = WallClock(
            now: Timestamp(unixNanoseconds: 1_000_000_000_000_000), monotonic: Nanoseconds(500_000_000_000),
            fresh: isFresh ? 7 : 6)
        return clock.timestamp(of: TimeSinceBoot(seconds: seconds), inRecord: 7).unixNanoseconds / 1_000_000_000
    }
}
