public import Kernel

/// How far a process's counters, as they are shown, may be from what the kernel compares.
///
/// Since 6.2 they are sums over CPUs, of which each keeps up to a batch for itself; before, each thread kept up to 64 events.
/// Kernel: lib/percpu_counter.c, `compute_batch_value()`; include/linux/mm.h, `TASK_RSS_EVENTS_THRESH`.
public enum CounterError {
    /// File, anonymous, shared and swapped pages.
    private static let counters = 4

    public static func pages(of kernel: KernelVersion, processors: Int) -> Pages {
        let processors = min(max(processors, 1), 1 << 13)
        guard kernel >= KernelVersion(6, 2) else { return Pages(counters * 64) }
        return Pages(counters * processors * max(32, 2 * processors))
    }
}
