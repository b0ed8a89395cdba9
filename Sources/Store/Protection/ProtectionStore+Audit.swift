import CSQLite
public import Kernel

extension ProtectionStore {
    /// - Returns: the entry with its number.
    @discardableResult
    public func append(_ entry: AuditEntry) throws(StoreError) -> AuditEntry {
        try write([.audit(entry)]).first ?? entry
    }

    /// In the order in which they were written: the newest last.
    public func entries(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] {
        try look { (database) throws(StoreError) in try database.entries(query) }
    }

    /// Whatever happens, the file has an end.
    public static let mostEntries = 1_000_000
    /// Anybody can be refused, as often as they like: that pushes out no change.
    public static let mostRefusals = 200_000

    /// Removes what is older than that and, of what is too much, the oldest: of refusals, then of all.
    public func forget(
        before time: Timestamp, keeping most: Int = mostEntries, refusals: Int = mostRefusals
    ) throws(StoreError) {
        try use { (database) throws(StoreError) in
            try database.run("DELETE FROM audit WHERE at < ?", [.integer(time.unixNanoseconds)])
            for (condition, count) in [("result = 'refused'", refusals), ("1", most)] {
                try database.run(
                    """
                    DELETE FROM audit WHERE \(condition)
                        AND id <= (SELECT id FROM audit WHERE \(condition) ORDER BY id DESC LIMIT 1 OFFSET ?)
                    """, [.integer(count)])
            }
            try database.run("DELETE FROM leases WHERE ended_at < ?", [.integer(time.unixNanoseconds)])
        }
    }

    /// Those whose end is not known: the writer died between `intended` and the result.
    public func unfinishedEntries() throws(StoreError) -> [AuditEntry] {
        try look { (database) throws(StoreError) in
            try database.entries(
                """
                result = 'intended' AND NOT EXISTS
                    (SELECT 1 FROM audit AS later WHERE later.action = audit.action AND later.result <> 'intended')
                """, [], "ORDER BY id")
        }
    }
}

/// Which entries are wanted; what is nil does not matter.
public struct AuditQuery: Hashable, Sendable {
    /// From that time on.
    public var since: Timestamp?
    /// Before that time.
    public var until: Timestamp?
    /// A cursor: those after the entry of this number, the first of them first. Without it, the last ones that there are.
    public var after: Int?
    public var limit = 100
    public var process: ProcessID?
    public var who: String?
    public var verb: AuditEntry.Verb?
    public var result: AuditEntry.Result?

    public init() {}
}

extension Database {
    func append(_ entry: AuditEntry) throws(StoreError) -> AuditEntry {
        let subject = entry.subject
        try run(
            """
            INSERT INTO audit(at, who, address, verb, boot_id, pid, start_time, comm, before, after, lease, policy, reason,
                result, detail, action) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(entry.at.unixNanoseconds), SQLValue(entry.who.name), SQLValue(entry.who.address),
                .text(entry.verb.rawValue), SQLValue(subject?.bootID), SQLValue(subject.map { Int($0.process.rawValue) }),
                SQLValue(subject?.startTime.count), SQLValue(subject?.command?.bytes), SQLValue(entry.before?.rawValue),
                SQLValue(entry.after?.rawValue), SQLValue(entry.lease), SQLValue(entry.policy), SQLValue(entry.reason),
                .text(entry.result.rawValue), SQLValue(entry.detail), .text(entry.action),
            ])
        var entry = entry
        entry.id = lastRow
        return entry
    }

    fileprivate func entries(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] {
        var terms: [(String, SQLValue)] = []
        if let since = query.since { terms.append(("at >= ?", .integer(since.unixNanoseconds))) }
        if let until = query.until { terms.append(("at < ?", .integer(until.unixNanoseconds))) }
        if let after = query.after { terms.append(("id > ?", .integer(after))) }
        if let process = query.process { terms.append(("pid = ?", .integer(Int(process.rawValue)))) }
        if let who = query.who { terms.append(("who = ?", .text(who))) }
        if let verb = query.verb { terms.append(("verb = ?", .text(verb.rawValue))) }
        if let result = query.result { terms.append(("result = ?", .text(result.rawValue))) }
        let condition = terms.isEmpty ? "1" : terms.map(\.0).joined(separator: " AND ")
        let values = terms.map(\.1) + [.integer(query.limit)]
        guard query.after == nil else { return try entries(condition, values, "ORDER BY id LIMIT ?") }
        return try entries(condition, values, "ORDER BY id DESC LIMIT ?").reversed()
    }

    fileprivate func entries(
        _ condition: String, _ values: [SQLValue], _ order: String
    ) throws(StoreError) -> [AuditEntry] {
        try rows(
            """
            SELECT id, at, who, address, verb, boot_id, pid, start_time, comm, before, after, lease, policy, reason, result,
                detail, action FROM audit WHERE \(condition) \(order)
            """, values
        ) { row throws(StoreError) in try entry(row) }
    }

    private func entry(_ row: Row) throws(StoreError) -> AuditEntry {
        guard let verb = AuditEntry.Verb(rawValue: try row.text(4)), let result = AuditEntry.Result(rawValue: try row.text(14))
        else { throw StoreError(reason: .corrupt, path: path, statement: "verb or result in audit", code: 0) }
        var entry = AuditEntry(
            at: Timestamp(unixNanoseconds: try row.integer(1)),
            who: AuditEntry.Who(name: row.textOrNull(2), address: row.textOrNull(3)), verb: verb, result: result,
            action: try row.text(16))
        entry.id = try row.integer(0)
        if let boot = row.textOrNull(5) {
            entry.subject = AuditEntry.Subject(
                bootID: boot, process: ProcessID(Int32(truncatingIfNeeded: try row.integer(6))),
                startTime: ClockTicks(try row.integer(7)), command: row.bytesOrNull(8).map { CommandName($0) })
        }
        entry.before = row.integerOrNull(9).flatMap { OOMScoreAdjustment($0) }
        entry.after = row.integerOrNull(10).flatMap { OOMScoreAdjustment($0) }
        entry.lease = row.textOrNull(11)
        entry.policy = row.textOrNull(12)
        entry.reason = row.textOrNull(13)
        entry.detail = row.textOrNull(15)
        return entry
    }
}
