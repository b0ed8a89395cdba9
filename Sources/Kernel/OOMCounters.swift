/// What has been counted since the daemon started; kills that were in the ring before are counted too.
public struct OOMCounters: Sendable {
    public private(set) var victims: [OOMEvent.Scope: Int]
    public private(set) var events: [OOMEvent.Scope: Int]
    public var losses = KernelLogLosses()
    /// Reads that gave something that is no record.
    public var malformedRecords = 0
    /// How often the log could not be opened or read.
    public var failures = 0

    /// Every scope is there from the start, so that a rate over the first kill is not lost.
    public init() {
        victims = Dictionary(uniqueKeysWithValues: OOMEvent.Scope.allCases.map { ($0, 0) })
        events = victims
    }

    /// Counts an event, or what is new in it.
    public mutating func count(_ event: OOMEvent, replacing earlier: OOMEvent?) {
        if earlier == nil { events[event.scope, default: 0] += 1 }
        victims[event.scope, default: 0] += event.victims.count - (earlier?.victims.count ?? 0)
    }
}
