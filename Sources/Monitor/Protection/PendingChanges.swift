import Kernel
import Store

/// What could not be written yet: all entries of the audit in their order, and of a lease or a process the last that was said.
struct PendingChanges {
    private var entries: [AuditEntry] = []
    private var leases: [String: Lease] = [:]
    private var touched: [TouchedProcess.Key: ProtectionChange] = [:]
    /// Entries that were given up.
    private(set) var lost = 0

    /// Of each: the daemon must not grow without end on a full disk.
    static let most = 20_000

    var isEmpty: Bool { entries.isEmpty && leases.isEmpty && touched.isEmpty }

    var all: [ProtectionChange] {
        entries.map(ProtectionChange.audit) + leases.values.map(ProtectionChange.lease) + Array(touched.values)
    }

    /// Beyond the most the oldest entries are lost. A lease never is, for the next start would apply one that has ended; that
    /// nothing of ours is in a process may be, for the next start looks.
    mutating func add(_ changes: [ProtectionChange]) {
        for change in changes {
            switch change {
            case .audit(let entry): entries.append(entry)
            case .lease(let lease): leases[lease.id] = lease
            case .touched(let process): touched[process.key] = change
            case .untouched(let key): touched[key] = change
            }
        }
        let excess = entries.count - Self.most
        if excess > 0 {
            entries.removeFirst(excess)
            lost += excess
        }
        if touched.count > Self.most { touched = touched.filter { $0.value != .untouched($0.key) } }
    }

    mutating func removeAll() { (entries, leases, touched) = ([], [:], [:]) }
}
