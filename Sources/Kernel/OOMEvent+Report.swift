extension OOMEvent {
    /// The record that an event is named after.
    struct Anchor {
        let origin: String
        let sequence: UInt64
        let time: TimeSinceBoot
    }

    init(of report: OpenReport, _ summary: OOMSummary?, message: KillMessage?, victim: Victim, at anchor: Anchor) {
        id = "\(anchor.origin)-\(anchor.sequence)"
        kind = report.isBare ? .killWithoutReport : .kill
        scope = Scope(order: report.header?.order, summary, message)
        constraint = summary?.constraint
        time = anchor.time
        victims = [victim]
        victimCgroup = summary?.taskCgroup
        limitCgroup = summary?.limitCgroup
        invoker = report.header.flatMap { header in
            header.comm.map { Invoker(comm: $0, processID: report.invoker, scoreAdjustment: header.scoreAdjustment) }
        }
        request = report.header.map { Request(mask: $0.mask, order: $0.order) }
        self.report = report.isBare ? .none : report.isFull ? .full : .partial
        firstSequence = report.firstSequence
        lastSequence = anchor.sequence
        self.anchor = anchor.sequence
    }
}

extension OOMEvent.Scope {
    /// `constraint` alone does not do: 5.0 and 5.1 always say NONE (it is set since 5.2), and a line with CPUSET or
    /// MEMORY_POLICY says `global_oom` as well.
    fileprivate init(order: Int?, _ summary: OOMSummary?, _ message: KillMessage?) {
        let byMessage = message?.scope ?? .unknown
        guard order != -1 else {
            self = .manual
            return
        }
        guard let summary else {
            self = byMessage
            return
        }
        switch summary.constraint {
        case _ where summary.limitCgroup != nil: self = .memcg
        case "memcg": self = .memcg
        case "cpuset": self = .cpuset
        case "mempolicy": self = .mempolicy
        case "none": self = byMessage == .memcg ? .memcg : .global
        default: self = .unknown
        }
    }
}
