/// What a recorder told of a span of time, each kind in its own order of time.
public struct Recording: Hashable, Sendable {
    public let start: Timestamp
    public let end: Timestamp
    public let step: Nanoseconds
    public var samples: [RecordedSample] = []
    public var processes: [ProcessScan] = []
    public var cgroups: [CgroupScan] = []
    public var margins: [MarginReading] = []
    private var lastBuckets = [Int?](repeating: nil, count: RecordKind.allCases.count + 1)

    /// - Parameter step: of each span of this length, as the clock on the wall divides time, the first reading of a kind is taken.
    public init(from start: Timestamp, to end: Timestamp, step: Nanoseconds = Nanoseconds(0)) {
        self.start = start
        self.end = end
        self.step = step
    }

    public var isEmpty: Bool { samples.isEmpty && processes.isEmpty && cgroups.isEmpty && margins.isEmpty }

    mutating func wants(_ kind: RecordKind, at time: Timestamp) -> Bool {
        guard time >= start, time <= end else { return false }
        guard step.count > 0 else { return true }
        let bucket = time.unixNanoseconds / step.count
        defer { lastBuckets[Int(kind.rawValue)] = bucket }
        return lastBuckets[Int(kind.rawValue)] != bucket
    }

    /// This one and a later one as one.
    public func followed(by later: Recording, until end: Timestamp) -> Recording {
        var both = Recording(from: start, to: end, step: step)
        both.samples = samples + later.samples
        both.processes = processes + later.processes
        both.cgroups = cgroups + later.cgroups
        both.margins = margins + later.margins
        return both
    }
}
