import Diagnosis
import Kernel
public import Monitor
public import Representation
public import Store

extension OOMKillsEntry {
    /// The report is read again from its lines, and judged as this version judges.
    public init(_ shown: ShownEvent) { self.init(shown.event, isDurable: shown.isDurable) }

    public init(_ stored: StoredEvent, isDurable: Bool = true) {
        let kept = stored.record
        let report = kept.report
        var record = Record(kind: kept.kind.rawValue)
        record.seq = stored.seq
        record.revision = stored.revision
        record.isDurable = isDurable
        record.isLive = stored.isLive
        record.isTimeEstimated = kept.isTimeEstimated
        record.sources = stored.sources
        record.unit = kept.unit
        record.container = kept.container
        record.pod = kept.pod
        record.lostRecords = kept.lostRecords
        record.stall = Stall(of: stored)
        record.derivedLimit = kept.isLimitDerived ? kept.limitCgroup : nil
        let isReported = OOMReport.Kind(kept.kind) != nil
        self.init(
            OOMEvent(id: stored.id, report: report, killedAt: kept.killedAt), isReported ? OOMDiagnosis(of: report) : nil, record)
    }
}
