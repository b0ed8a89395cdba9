import Kernel

/// When a record was written, by the wall clock.
///
/// The kernel dates its log with a clock that nobody sets (kernel/sched/clock.c, `local_clock()`): after months it may be
/// minutes off the monotonic one. A record that was waited for is as old as its reading; there this one tells better.
struct WallClock {
    let now: Timestamp
    let monotonic: Nanoseconds
    /// The record that was waited for and has just been read; nil for one that lay in the ring.
    let fresh: UInt64?

    private static let tolerance = 1_000_000_000

    /// Never later than now.
    func timestamp(of time: TimeSinceBoot, inRecord sequence: UInt64) -> Timestamp {
        let (written, overflow) = time.microseconds.multipliedReportingOverflow(by: 1_000)
        let (age, tooLarge) = monotonic.count.subtractingReportingOverflow(written)
        guard !overflow, !tooLarge, age > 0, !(fresh == sequence && age > Self.tolerance) else { return now }
        return Timestamp(unixNanoseconds: now.unixNanoseconds - age)
    }
}
