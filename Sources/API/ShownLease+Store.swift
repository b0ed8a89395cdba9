import Kernel
public import Representation
public import Store

extension ShownLease {
    public init(_ lease: Lease) {
        self.init(id: lease.id, process: lease.subject.process, adjustment: lease.adjustment)
        commandName = lease.subject.command
        owner = lease.owner.name
        children = lease.children.rawValue
        reason = lease.reason
        createdAt = lease.createdAt
        expiresAt = lease.expiry?.at
        end = lease.end.map { ($0.at, $0.why.rawValue) }
    }
}
