public import Kernel

/// What there is to tell of one process as a candidate of the OOM killer.
public struct ProcessReport: Hashable, Sendable {
    public let reading: ProcessReading
    /// By our own reckoning; nil for one that is never chosen, and on kernels whose formula is unknown.
    public let badness: Badness?
    public let details: Details

    /// What is read for the processes that are shown, and not for every one that was looked at. Nil: not to be read by us.
    public struct Details: Hashable, Sendable {
        /// The kernel's own score, in its own scale.
        public let score: Int?
        public let memoryCgroup: CgroupPath?
        public let startTime: ClockTicks?
        /// The arguments; nil as well where nobody asked for them.
        public let commandLine: [[UInt8]]?

        public init(score: Int?, memoryCgroup: CgroupPath?, startTime: ClockTicks?, commandLine: [[UInt8]]?) {
            self.score = score
            self.memoryCgroup = memoryCgroup
            self.startTime = startTime
            self.commandLine = commandLine
        }
    }

    public init(reading: ProcessReading, badness: Badness?, details: Details) {
        self.reading = reading
        self.badness = badness
        self.details = details
    }
}

/// The first processes of an order, and how many were looked at.
public struct ProcessPage: Hashable, Sendable {
    public let processes: [ProcessReport]
    /// All that were read, shown or not.
    public let total: Int
    /// Ended while they were being read.
    public let gone: Int
    /// Not to be read by us, or not understood.
    public let denied: Int

    public init(processes: [ProcessReport], total: Int, gone: Int, denied: Int) {
        self.processes = processes
        self.total = total
        self.gone = gone
        self.denied = denied
    }
}
