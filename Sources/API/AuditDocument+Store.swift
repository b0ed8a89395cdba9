import Kernel
public import Representation
public import Store

extension AuditDocument.Entry {
    public init(_ kept: AuditEntry) {
        self.init(id: kept.id, at: kept.at, verb: kept.verb.rawValue, result: kept.result.rawValue, action: kept.action)
        who = (kept.who.name, kept.who.address)
        process = kept.subject.map {
            AuditDocument.Process(
                id: $0.process, command: $0.command, bootID: $0.bootID,
                // No process has started with the machine: 0 is of one that could not be looked at.
                startTime: $0.startTime > ClockTicks(0) ? $0.startTime : nil)
        }
        adjustments = (kept.before?.rawValue, kept.after?.rawValue)
        lease = kept.lease
        policy = kept.policy
        reason = kept.reason
        detail = kept.detail
    }
}
