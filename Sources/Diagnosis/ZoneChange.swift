public import Kernel

/// What has changed between two readings of the machine: zones that stand elsewhere against their watermarks, and whether the
/// zones of the kernel's own memory are nearly dry while another has plenty.
public struct ZoneChange: Sendable {
    public let at: Timestamp
    /// Those that changed; none where only `lowZoneIsDry` did.
    public let zones: [Step]
    public let lowZoneIsDry: Bool
    /// All there are now.
    public let findings: [Finding]
    public let pageSize: PageSize

    /// One zone's step from a state to another.
    public struct Step: Sendable {
        public let zone: Zone
        public let before: ZoneState
        public let state: ZoneState

        public init(zone: Zone, before: ZoneState, state: ZoneState) {
            self.zone = zone
            self.before = before
            self.state = state
        }
    }

    public init(at time: Timestamp, zones: [Step], lowZoneIsDry: Bool, findings: [Finding], pageSize: PageSize) {
        at = time
        self.zones = zones
        self.lowZoneIsDry = lowZoneIsDry
        self.findings = findings
        self.pageSize = pageSize
    }
}

/// Finds the changes in readings that come one after the other.
///
/// A machine full of page cache has zones that swing about `low` all day, so a state must be read twice in a row before it is
/// told; what is bad at once is told at once.
public struct ZoneStateWatch: Sendable {
    private var zones: [ZoneID: Settling<ZoneState>] = [:]
    private var dryness: Settling<Bool>?

    public init() {}

    /// - Returns: nil where nothing has changed; the first reading is what later ones are compared with.
    public mutating func note(_ assessment: Assessment, _ snapshot: Snapshot) -> ZoneChange? {
        var steps: [ZoneChange.Step] = []
        for assessed in assessment.zones {
            guard let state = assessed.state else { continue }
            if let before = zones[assessed.zone.id, default: Settling(state)].note(state, isUrgent: state == .belowMin) {
                steps.append(ZoneChange.Step(zone: assessed.zone, before: before, state: state))
            }
        }
        let isDry = assessment.lowZoneIsDry
        var settling = dryness ?? Settling(isDry)
        let hasTurned = settling.note(isDry, isUrgent: isDry) != nil
        dryness = settling
        guard hasTurned || !steps.isEmpty else { return nil }
        return ZoneChange(
            at: snapshot.takenAt, zones: steps, lowZoneIsDry: isDry, findings: assessment.findings, pageSize: snapshot.pageSize)
    }
}

/// A value that swings: a new one counts when it was seen twice in a row.
private struct Settling<Value: Equatable & Sendable>: Sendable {
    private var told: Value
    private var next: Value?

    init(_ value: Value) { told = value }

    /// - Returns: what it was before, where it has changed.
    mutating func note(_ value: Value, isUrgent: Bool) -> Value? {
        guard value != told else {
            next = nil
            return nil
        }
        guard isUrgent || next == value else {
            next = value
            return nil
        }
        defer { (told, next) = (value, nil) }
        return told
    }
}
