public import Diagnosis
public import Kernel

extension EventRecord {
    /// What is kept of a report.
    ///
    /// - Parameter bootID: of the machine whose ring it was read from; nil for a log of which that is not known.
    public init(of read: EvidencedReport, _ diagnosis: OOMDiagnosis?, bootID: String?) {
        let report = read.report
        let first = report.victims.first
        let line = read.evidence.filter { $0.number == report.anchor }
        self.init(
            EventKind(report.kind),
            EventIdentity(
                bootID: bootID, time: report.time, sequence: bootID == nil ? nil : UInt64(clamping: report.anchor),
                processID: first == nil ? report.invoker?.processID : first?.processID,
                comm: first == nil ? report.invoker?.comm : first?.comm,
                fingerprint: EventIdentity.fingerprint(of: line.isEmpty ? read.evidence : line)))
        scope = report.scope
        cause = diagnosis?.cause
        confidence = diagnosis?.confidence
        place(in: report.victimCgroup ?? report.limitCgroup)
        victimCgroup = report.victimCgroup
        limitCgroup = report.limitCgroup
        victims = report.victims
        isPartial = report.isPartial
        release = report.release
        evidence = read.evidence
    }

    /// Whose limit it was, for an event of which the log tells only that there was one.
    public mutating func derive(limit group: CgroupPath) {
        let victimCgroup = victimCgroup
        place(in: group)
        self.victimCgroup = victimCgroup
        limitCgroup = group
        isLimitDerived = true
    }

    /// The report as this version reads its lines; where none are left, as much of it as the record has.
    public var report: OOMReport {
        let anchor = identity.sequence.map { Int(clamping: $0) }
        guard var report = OOMReport(of: evidence, anchor: anchor) else { return remains(anchor) }
        report.isPartial = report.isPartial || isPartial
        report.release = report.release ?? release
        return report
    }

    private func remains(_ anchor: Int?) -> OOMReport {
        var line = LogLine(number: anchor ?? 0, time: identity.time, text: [])
        line.transport = .kmsg
        var report = OOMReport(kind: OOMReport.Kind(kind) ?? .noKill, at: line)
        report.isPartial = true
        report.scope = scope
        report.victims = victims
        report.victimCgroup = victimCgroup
        report.limitCgroup = isLimitDerived ? nil : limitCgroup
        report.release = release
        return report
    }
}

extension OOMReport.Kind {
    /// nil for an event that no report tells.
    public init?(_ kind: EventKind) { self.init(rawValue: kind.rawValue) }
}
