/// Kills that the kernel has counted and its log has not told.
///
/// The kernel counts where it prints (mm/oom_kill.c, `__oom_kill_process()`; vmstat's `oom_kill`, since 4.13): one for each
/// kill line, so that the first victim of a group, which is printed twice, counts twice, and a process that dies because
/// it shares a victim's memory not at all. What was before the log that could be read is no riddle, nor what came while
/// records were lost.
public struct KillReconciliation: Hashable, Sendable {
    /// Settled: as of the last time when the counter had not moved for `patience`. nil before the first reading.
    public private(set) var unexplained: Int?
    /// What the counter has more than the log and is explained.
    private var excused = 0
    private var last: Reading?
    private var movedAt = Nanoseconds(0)
    /// Records were lost since it was settled: kill lines may have been among them.
    private var hasLost = false

    /// The line may be read after the counter, and on a slow console long after.
    private static let patience = 5_000_000_000

    public init() {}

    /// What was seen at one time.
    public struct Reading: Hashable, Sendable {
        /// vmstat's `oom_kill`.
        public let counted: Int
        /// Kill lines of the log, repeated ones too.
        public let told: Int
        /// Records of the log that were lost.
        public let lost: UInt64

        public init(counted: Int, told: Int, lost: UInt64) {
            self.counted = counted
            self.told = told
            self.lost = lost
        }
    }

    /// Only after the log has been read to its end once.
    public mutating func note(_ reading: Reading, at time: Nanoseconds) {
        guard let last else { return begin(with: reading, at: time) }
        if reading.counted < last.counted { return begin(with: reading, at: time) }
        if reading != last { movedAt = time }
        hasLost = hasLost || reading.lost > last.lost
        self.last = reading
        if time.count &- movedAt.count >= Self.patience { settle(reading) }
    }

    private mutating func settle(_ reading: Reading) {
        if hasLost { excused = excused &+ max(surplus(of: reading) &- (unexplained ?? 0), 0) }
        hasLost = false
        unexplained = max(surplus(of: reading), 0)
    }

    private func surplus(of reading: Reading) -> Int { reading.counted &- reading.told &- excused }

    private mutating func begin(with reading: Reading, at time: Nanoseconds) {
        excused = reading.counted &- reading.told
        unexplained = 0
        last = reading
        movedAt = time
        hasLost = false
    }
}
