import Store
import Synchronization

extension ProtectionKeeper {
    /// What happened since the start.
    struct Counts {
        var childrenReset = 0
        /// As of the last action: a scrape does not wait for one that a slow disk holds up.
        var leases = 0
        var processes = 0
        var retries = 0
        /// Looks at all processes, or at the store, that had no result, and why the last of them.
        var failures = 0
        var failure: ProtectionError?
    }

    /// For metrics.
    public var summary: ProtectionSummary {
        let counts = counts.withLock { $0 }
        return ProtectionSummary(
            leases: counts.leases, processes: counts.processes, pending: counts.retries, childrenReset: counts.childrenReset,
            failures: counts.failures, auditErrors: settings.trail.writeErrors, auditLost: settings.trail.lost)
    }
}

/// How much is protected, in numbers.
public struct ProtectionSummary: Hashable, Sendable {
    public var leases = 0
    /// With those that inherited, and those of policies.
    public var processes = 0
    /// Those that have not got back yet what they had: the kernel refused.
    public var pending = 0
    public var childrenReset: Int
    /// What nobody waits for and had no result.
    public var failures: Int
    public var auditErrors: Int
    /// Entries of the audit that were given up.
    public var auditLost: Int
}
