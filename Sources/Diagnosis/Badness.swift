public import Kernel

/// What the kernel compares when it looks for a victim: pages, moved up or down by the adjustment. The greatest dies.
///
/// Kernel: mm/oom_kill.c, `oom_badness()`. Below 0 only since 5.9; before, 1 was the least.
public struct Badness: Hashable, Comparable, Sendable {
    public let pages: Pages

    public init(_ pages: Pages) { self.pages = pages }

    public static func < (a: Badness, b: Badness) -> Bool { a.pages < b.pages }
}
