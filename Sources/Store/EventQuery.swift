public import Diagnosis
public import Kernel

/// Which events are asked for, newest first.
public struct EventQuery: Hashable, Sendable {
    public var limit = 100
    /// Where the page before ended.
    public var cursor: EventCursor?
    /// From it on.
    public var since: Timestamp?
    /// Before it.
    public var until: Timestamp?
    /// Empty for all that have a victim; systemd-oomd ends a group and names none.
    public var kinds: Set<EventKind> = []
    public var cause: Cause?
    public var scope: OOMScope?
    /// The victim was in this group or below it, or the limit was.
    public var cgroup: CgroupPath?
    public var unit: String?
    /// The whole id, or as much of its beginning as people write.
    public var container: String?
    public var pod: String?
    public var comm: CommandName?
    public var processID: ProcessID?
    /// False for what is older than our first start, or was imported; nil for both.
    public var isLive: Bool?
    public var bootID: String?
    public var wantsEvidence = false

    public init() {}
}

/// Some events, newest first, and where the next page begins; nil if there is none.
public struct EventPage: Hashable, Sendable {
    public let events: [StoredEvent]
    public let next: EventCursor?
    /// The last `seq` that the pages know of.
    public let ceiling: Int

    public init(events: [StoredEvent], next: EventCursor?, ceiling: Int) {
        self.events = events
        self.next = next
        self.ceiling = ceiling
    }
}

/// A place in the list of events. What was recorded after the first page was made is on none of the following ones.
public struct EventCursor: Hashable, Sendable {
    /// The last `seq` that there was when the first page was made.
    public let ceiling: Int
    let happenedAt: Int
    let seq: Int

    public init(ceiling: Int, happenedAt: Timestamp, seq: Int) {
        self.init(ceiling: ceiling, happenedAt: happenedAt.unixNanoseconds, seq: seq)
    }

    private init(ceiling: Int, happenedAt: Int, seq: Int) {
        self.ceiling = ceiling
        self.happenedAt = happenedAt
        self.seq = seq
    }

    /// nil if `text` is none of ours.
    public init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false).map { Int($0, radix: 36) }
        guard parts.count == 3, let ceiling = parts[0], let time = parts[1], let seq = parts[2] else { return nil }
        self.init(ceiling: ceiling, happenedAt: time, seq: seq)
        guard self.text == text else { return nil }
    }

    public var text: String {
        [ceiling, happenedAt, seq].map { String($0, radix: 36) }.joined(separator: "_")
    }
}

/// A condition in SQL with its values.
struct Condition {
    private(set) var clauses: [String] = []
    private(set) var values: [SQLValue] = []

    mutating func add(_ clause: String, _ values: SQLValue...) {
        clauses.append(clause)
        self.values += values
    }

    var sql: String { clauses.isEmpty ? "1" : clauses.joined(separator: " AND ") }
}

extension EventQuery {
    /// Of the table `events`; the cursor is not in it.
    var condition: Condition {
        var condition = Condition()
        if let since { condition.add("happened_at >= ?", .integer(since.unixNanoseconds)) }
        if let until { condition.add("happened_at < ?", .integer(until.unixNanoseconds)) }
        addKinds(to: &condition)
        if let cause { condition.add("cause = ?", .text(cause.rawValue)) }
        if let scope { condition.add("scope = ?", .text(scope.rawValue)) }
        if let cgroup { addGroup(cgroup, to: &condition) }
        if let unit { condition.add("unit = ?", .text(unit)) }
        if let container {
            condition.add("substr(container, 1, ?) = ?", .integer(container.unicodeScalars.count), .text(container))
        }
        if let pod { condition.add("pod = ?", .text(pod)) }
        if let bootID { condition.add("boot_id = ?", .text(bootID)) }
        if let isLive { condition.add("is_live = ?", SQLValue(isLive)) }
        addVictim(to: &condition)
        return condition
    }

    private func addKinds(to condition: inout Condition) {
        guard !kinds.isEmpty else {
            condition.add("(EXISTS (SELECT 1 FROM victims v WHERE v.event = events.seq) OR kind = 'userspace_kill')")
            return
        }
        let names = kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        condition.add("kind IN (\(names))")
    }

    private func addGroup(_ group: CgroupPath, to condition: inout Condition) {
        guard group.bytes.count > 1 else { return condition.add("(victim_cgroup IS NOT NULL OR limit_cgroup IS NOT NULL)") }
        // What lies below it begins with its path and a slash; "0" comes right after the slash.
        let first = SQLValue.bytes(group.bytes + [UInt8(ascii: "/")])
        let after = SQLValue.bytes(group.bytes + [UInt8(ascii: "0")])
        let itself = SQLValue.bytes(group.bytes)
        condition.add(
            """
            (victim_cgroup = ? OR (victim_cgroup >= ? AND victim_cgroup < ?) \
            OR limit_cgroup = ? OR (limit_cgroup >= ? AND limit_cgroup < ?))
            """, itself, first, after, itself, first, after)
    }

    private func addVictim(to condition: inout Condition) {
        if let comm {
            let name = SQLValue.bytes(comm.bytes)
            condition.add("(comm = ? OR seq IN (SELECT event FROM victims WHERE comm = ?))", name, name)
        }
        if let processID {
            let pid = SQLValue.integer(Int(processID.rawValue))
            condition.add("(pid = ? OR seq IN (SELECT event FROM victims WHERE pid = ?))", pid, pid)
        }
    }
}
