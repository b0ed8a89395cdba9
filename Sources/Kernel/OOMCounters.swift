/// What has been counted since the daemon started; what was in the ring before is counted too.
public struct OOMCounters: Sendable {
    public private(set) var victims: [OOMScope: Int]
    /// Those with a victim.
    public private(set) var events: [OOMScope: Int]
    public private(set) var reports: [OOMReport.Kind: Int]
    public var losses = KernelLogLosses()
    /// Reads that gave something that is no record.
    public var malformedRecords = 0
    /// How often the log could not be opened or read.
    public var failures = 0

    /// Every scope and kind is there from the start, so that a rate over the first kill is not lost.
    public init() {
        victims = Dictionary(uniqueKeysWithValues: OOMScope.allCases.map { ($0, 0) })
        events = victims
        reports = Dictionary(uniqueKeysWithValues: OOMReport.Kind.allCases.map { ($0, 0) })
    }

    /// Counts an event, or what is new in it.
    public mutating func count(_ event: OOMEvent, replacing earlier: OOMEvent?) {
        if earlier == nil { reports[event.kind, default: 0] += 1 }
        if earlier?.victims.isEmpty ?? true, !event.victims.isEmpty { events[event.scope, default: 0] += 1 }
        victims[event.scope, default: 0] += event.victims.count - (earlier?.victims.count ?? 0)
    }
}
