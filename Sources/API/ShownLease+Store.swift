public import Kernel
public import Representation
public import Store

extension ShownLease {
    /// - Parameter now: whose time is over then is shown to be ending, as who only reads the store does not know of it.
    public init(_ lease: Lease, at now: Timestamp? = nil) {
        self.init(id: lease.id, process: lease.subject.process, adjustment: lease.adjustment)
        commandName = lease.subject.command
        owner = lease.owner.name
        children = lease.children.rawValue
        reason = lease.reason
        createdAt = lease.createdAt
        expiresAt = lease.expiry?.at
        let isOver = now.flatMap { now in lease.expiry.map { $0.at < now } } ?? false
        isEnding = lease.lastError != nil || isOver
        lastError = lease.lastError
        end = lease.end.map { ($0.at, $0.why.rawValue) }
    }
}
