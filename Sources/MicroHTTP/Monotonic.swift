import Glibc

/// The clock of all deadlines here: time since boot, which no administrator sets.
enum Monotonic {
    /// The coarse clock is a memory read; its 4 ms are fine for deadlines of seconds.
    static func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
