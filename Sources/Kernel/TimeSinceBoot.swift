/// When the kernel wrote a record: microseconds of its own clock, which starts near 0 at boot and stops in suspend.
///
/// Kernel: kernel/sched/clock.c, `local_clock()`; it may go backwards by a little between two CPUs.
public struct TimeSinceBoot: Hashable, Comparable, Sendable {
    public let microseconds: Int

    public init(microseconds: Int) { self.microseconds = microseconds }

    public init(seconds: Int) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: overflow ? Int.max : product)
    }

    public static func < (a: TimeSinceBoot, b: TimeSinceBoot) -> Bool { a.microseconds < b.microseconds }

    /// True if `later` is more than `span` after this; false if it is before it.
    func isOlder(than span: TimeSinceBoot, at later: TimeSinceBoot) -> Bool {
        let (elapsed, overflow) = later.microseconds.subtractingReportingOverflow(microseconds)
        return overflow ? later > self : elapsed > span.microseconds
    }
}
