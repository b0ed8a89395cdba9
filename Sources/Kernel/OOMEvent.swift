/// Something that this machine's log says about memory that could not be had: a report, and when it was by the wall clock.
public struct OOMEvent: Hashable, Sendable, Identifiable {
    /// The same for as long as the machine is up, whoever reads the log.
    public let id: String
    public private(set) var report: OOMReport
    /// When the first victim was killed; nil where the log is not this machine's, or nobody has looked at its clock.
    public var killedAt: Timestamp?

    public init(id: String, report: OOMReport, killedAt: Timestamp?) {
        self.id = id
        self.report = report
        self.killedAt = killedAt
    }

    /// `origin` is what makes a line's number unique: the boot's id.
    public init(_ report: OOMReport, origin: String) {
        id = "\(origin)-\(report.anchor)"
        self.report = report
    }
}

extension OOMEvent {
    public var kind: OOMReport.Kind { report.kind }
    public var scope: OOMScope { report.scope }
    public var constraint: String? { report.constraint }
    /// The kernel's own stamp of the anchor.
    public var time: TimeSinceBoot? { report.time }
    public var victims: [Victim] { report.victims }
    public var victimCgroup: CgroupPath? { report.victimCgroup }
    public var limitCgroup: CgroupPath? { report.limitCgroup }
    public var invoker: OOMReport.Invoker? { report.invoker }
    public var request: OOMReport.Request? { report.request }
    /// The first and the last record that belong to it.
    public var firstSequence: UInt64 { UInt64(clamping: report.lines.lowerBound) }
    public var lastSequence: UInt64 { UInt64(clamping: report.lines.upperBound) }
    /// The record that it is named after and sorted by: the first kill line, else the first.
    public var anchor: UInt64 { UInt64(clamping: report.anchor) }

    /// How much of its report the log has.
    public enum Completeness: String, Hashable, Sendable, CaseIterable {
        case full
        /// Its head, its tail or something between is missing.
        case partial
        case none
    }

    public var completeness: Completeness {
        if kind == .killWithoutReport || kind == .userspaceKill { return .none }
        return report.isPartial ? .partial : .full
    }
}
