import Kernel

/// Notices that somebody has set the wall clock: it goes another way than the time since boot.
struct ClockSteps {
    private var last: RecordedTime?

    /// What NTP slews, and what lies between reading the two clocks, is less.
    private static let least = 5_000_000_000

    /// - Returns: how far the clock was set, below 0 for back; nil where it only went on.
    mutating func note(_ time: RecordedTime) -> Nanoseconds? {
        defer { last = time }
        guard let last else { return nil }
        let step = (time.wall.unixNanoseconds &- last.wall.unixNanoseconds) &- (time.sinceBoot.count &- last.sinceBoot.count)
        return step <= -Self.least || step >= Self.least ? Nanoseconds(step) : nil
    }

    /// What the owner of the machine should know of it.
    static func sentence(_ step: Nanoseconds) -> String {
        let seconds = step.count.magnitude / 1_000_000_000
        let way = step.count < 0 ? "back" : "forward"
        return "the clock was set \(way) by \(seconds) s; events keep the times and the order that they were recorded with"
    }
}
