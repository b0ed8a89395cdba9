import Kernel
import Store

/// Everything that is protected now: leases in force, policies' claims, and the processes that have a value of ours.
struct Holdings {
    typealias Key = TouchedProcess.Key

    private(set) var leases: [Key: [Lease]] = [:]
    private(set) var touched: [Key: TouchedProcess] = [:]
    /// Which of them has a number now.
    private var keys: [ProcessID: Key] = [:]
    /// What was started below a protected process since it is one, and lives: whose it is.
    private(set) var members: [ProcessID: Member] = [:]
    private var membersOfRoot: [Key: Set<ProcessID>] = [:]
    /// What we gave a process in its time, beside what it has now: a child may have inherited any of it.
    private var earlier: [Key: Set<OOMScoreAdjustment>] = [:]
    /// How often a policy's value was changed by somebody else.
    var contests: [Key: Int] = [:]
    /// What was given to descendants since that was last written down, and how many of them.
    var familyChanges: [FamilyChange: Int] = [:]
    /// Those that the kernel has refused to give back what they are to have: when that is tried again.
    private(set) var retries: [Key: Retry] = [:]
    /// Heirs that have come or gone since the store was last told.
    var unsaved: Set<Key> = []

    struct Member: Hashable {
        let startTime: ClockTicks
        let root: Key
    }

    /// Another value for descendants of one process: too many may be given it for an entry each.
    struct FamilyChange: Hashable {
        let root: Key
        let verb: AuditEntry.Verb
        let before: OOMScoreAdjustment
        let after: OOMScoreAdjustment
        /// In force for the root then.
        let lease: String?
        let policy: String?
    }
}

// What is wanted.
extension Holdings {
    /// What a process shall have, and on whose word.
    struct Wish: Hashable {
        let adjustment: OOMScoreAdjustment
        let children: ChildrenRule
        /// Nil for a policy's.
        let lease: Lease?
    }

    func leases(on key: Key) -> [Lease] { leases[key] ?? [] }

    func lease(_ id: String) -> Lease? {
        for group in leases.values { if let lease = group.first(where: { $0.id == id }) { return lease } }
        return nil
    }

    /// Those in force.
    var leaseCount: Int { leases.values.reduce(0) { $0 + $1.count { $0.lastError == nil } } }

    var allLeases: [Lease] { leases.values.joined().sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } }

    /// The strongest lease or, without one, the policy's claim.
    func wish(for key: Key) -> Wish? { Self.wish(of: leases(on: key), claim: touched[key]?.claim) }

    static func wish(of leases: [Lease], claim: PolicyClaim?) -> Wish? {
        let strongest = leases.filter { $0.lastError == nil }.min {
            ($0.adjustment, $0.createdAt) < ($1.adjustment, $1.createdAt)
        }
        if let strongest {
            return Wish(adjustment: strongest.adjustment, children: strongest.children, lease: strongest)
        }
        return claim.map { Wish(adjustment: $0.adjustment, children: $0.children, lease: nil) }
    }

    mutating func put(_ lease: Lease) {
        let key = lease.subject.key
        leases[key, default: []].removeAll { $0.id == lease.id }
        leases[key]?.append(lease)
    }

    mutating func remove(_ lease: Lease) {
        let key = lease.subject.key
        leases[key]?.removeAll { $0.id == lease.id }
        if leases[key]?.isEmpty == true { leases[key] = nil }
    }
}

// What has been done.
extension Holdings {
    /// The protected processes themselves, not those that inherited.
    var roots: [Key] { touched.values.filter { $0.heirOf == nil }.map(\.key) }

    func heirs(of root: Key) -> [TouchedProcess] { touched.values.filter { $0.heirOf == root } }

    func touched(_ process: ProcessID) -> TouchedProcess? { keys[process].flatMap { touched[$0] } }

    mutating func put(_ process: TouchedProcess) {
        if let before = touched[process.key], before.applied != process.applied {
            earlier[process.key, default: []].insert(before.applied)
        }
        touched[process.key] = process
        keys[process.key.process] = process.key
    }

    /// Leases on it must have ended.
    mutating func forget(_ key: Key) {
        for process in membersOfRoot.removeValue(forKey: key) ?? [] { members[process] = nil }
        touched[key] = nil
        if keys[key.process] == key { keys[key.process] = nil }
        earlier[key] = nil
        contests[key] = nil
        retries[key] = nil
    }

    /// Whether a descendant can have the value from this process.
    func isOurs(_ adjustment: OOMScoreAdjustment, of root: TouchedProcess) -> Bool {
        root.applied == adjustment || earlier[root.key]?.contains(adjustment) == true
    }
}

// What is to be tried again.
extension Holdings {
    struct Retry: Hashable {
        /// Since boot.
        let at: Nanoseconds
        fileprivate let pause: Nanoseconds
        let reason: String

        fileprivate static let shortest = Nanoseconds(5_000_000_000)
        fileprivate static let longest = Nanoseconds(60_000_000_000)
    }

    /// Each time later than the last, as a capability or a file system may come back, but not for being asked.
    ///
    /// - Returns: whether it failed in another way, or for the first time.
    mutating func tryAgain(_ key: Key, from now: Nanoseconds, because reason: String) -> Bool {
        let last = retries[key]
        let pause = last.map { min(Nanoseconds($0.pause.count * 2), Retry.longest) } ?? Retry.shortest
        retries[key] = Retry(at: Nanoseconds(now.count + pause.count), pause: pause, reason: reason)
        return last?.reason != reason
    }

    mutating func tryNoMore(_ key: Key) { retries[key] = nil }
}

// Families.
extension Holdings {
    /// Whose children its children are.
    func root(ofChildrenOf parent: ProcessID) -> Key? {
        if let touched = touched(parent) { return touched.heirOf ?? touched.key }
        return members[parent]?.root
    }

    mutating func addMember(_ process: ProcessID, startedAt startTime: ClockTicks, of root: Key) {
        removeMember(process)
        members[process] = Member(startTime: startTime, root: root)
        membersOfRoot[root, default: []].insert(process)
    }

    /// - Parameter heir: with what it has now.
    mutating func noteChange(of heir: TouchedProcess, from before: OOMScoreAdjustment) {
        guard let root = heir.heirOf else { return }
        let wish = wish(for: root)
        let verb: AuditEntry.Verb =
            heir.applied == heir.baseline ? .restore : wish?.lease == nil ? .applyPolicy : .renew
        let change = FamilyChange(
            root: root, verb: verb, before: before, after: heir.applied, lease: wish?.lease?.id,
            policy: wish?.lease == nil ? touched[root]?.claim?.name : nil)
        familyChanges[change, default: 0] += 1
    }

    mutating func removeMember(_ process: ProcessID) {
        guard let member = members.removeValue(forKey: process) else { return }
        membersOfRoot[member.root]?.remove(process)
    }
}
