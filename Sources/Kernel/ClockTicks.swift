/// A time since boot in the kernel's ticks for user space (`USER_HZ`, 100 a second on nearly every architecture).
///
/// With the pid it names one process for as long as the machine runs. Kernel: fs/proc/array.c, `start_time` in `do_task_stat()`.
public struct ClockTicks: Hashable, Comparable, Sendable {
    public let count: Int

    public init(_ count: Int) { self.count = count }

    public static func < (a: ClockTicks, b: ClockTicks) -> Bool { a.count < b.count }
}
