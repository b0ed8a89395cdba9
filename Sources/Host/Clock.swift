import Glibc
public import Kernel

extension Timestamp {
    /// The wall clock now.
    public static var now: Timestamp { Timestamp(unixNanoseconds: nanoseconds(CLOCK_REALTIME)) }
}

extension Nanoseconds {
    /// A clock that never steps back; its zero has no meaning.
    public static var monotonic: Nanoseconds { Nanoseconds(nanoseconds(CLOCK_MONOTONIC)) }
}

extension RecordedTime {
    /// Now, by the clock that goes on in suspend and by the one on the wall.
    public static var now: RecordedTime {
        RecordedTime(sinceBoot: Nanoseconds(nanoseconds(CLOCK_BOOTTIME)), wall: .now)
    }
}

extension ClockTicks {
    /// The tick of a moment since boot, as the start of a process is told in.
    public init(sinceBoot time: Nanoseconds) {
        let (seconds, rest) = time.count.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(seconds * Self.perSecond + rest * Self.perSecond / 1_000_000_000)
    }

    private static let perSecond = max(sysconf(Int32(_SC_CLK_TCK)), 1)
}

private func nanoseconds(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
