import Diagnosis
import Kernel

extension EventStore {
    public func events(_ query: EventQuery) throws(StoreError) -> EventPage {
        try read { (database) throws(StoreError) in
            // Both questions see one state of the file.
            try database.snapshot { () throws(StoreError) in try database.page(query) }
        }
    }

    /// With its evidence.
    public func event(_ id: String) throws(StoreError) -> StoredEvent? {
        try read { (database) throws(StoreError) in
            try database.snapshot { () throws(StoreError) in
                try database.events("id = ?", [.text(id)], wantsEvidence: true).first
            }
        }
    }

    /// In the order in which they were recorded, after the number `seq`: what a reader that was away has missed.
    public func events(after seq: Int, _ query: EventQuery) throws(StoreError) -> [StoredEvent] {
        var condition = query.condition
        condition.add("seq > ?", .integer(seq))
        return try read { (database) throws(StoreError) in
            try database.snapshot { () throws(StoreError) in
                try database.events(
                    "\(condition.sql) ORDER BY seq LIMIT ?", condition.values + [.integer(query.limit)],
                    wantsEvidence: query.wantsEvidence)
            }
        }
    }

    /// How many there are by what `key` says, the most first; `nil` is where it is not known.
    public func counts(by key: EventKey, _ query: EventQuery) throws(StoreError) -> [(value: [UInt8]?, events: Int)] {
        let condition = query.condition
        return try read { (database) throws(StoreError) in
            try database.rows(
                """
                SELECT \(key.column), count(*) FROM events WHERE \(condition.sql)
                GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?
                """, condition.values + [.integer(query.limit)]
            ) { row throws(StoreError) in (row.bytesOrNull(0), try row.integer(1)) }
        }
    }

    /// Of the kernel's own kills in one boot: what its counter should say.
    public func victims(ofBoot bootID: String) throws(StoreError) -> Int {
        try read { (database) throws(StoreError) in
            try database.integer(
                """
                SELECT count(*) FROM victims JOIN events ON event = seq
                WHERE boot_id = ? AND kind IN ('kill', 'kill_without_report')
                """, [.text(bootID)])
        }
    }
}

/// What events are counted by.
public enum EventKey: String, CaseIterable, Sendable {
    case cause, cgroup, unit, comm

    /// What an event counts for; nil where it is not known.
    public func value(of record: EventRecord) -> [UInt8]? {
        switch self {
        case .cause: record.cause.map { Array($0.rawValue.utf8) }
        case .cgroup: (record.victimCgroup ?? record.limitCgroup)?.bytes
        case .unit: record.unit.map { Array($0.utf8) }
        case .comm: record.identity.comm?.bytes
        }
    }

    fileprivate var column: String {
        switch self {
        case .cause: "cause"
        case .cgroup: "coalesce(victim_cgroup, limit_cgroup)"
        case .unit: "unit"
        case .comm: "comm"
        }
    }
}

extension Database {
    fileprivate func page(_ query: EventQuery) throws(StoreError) -> EventPage {
        let limit = max(query.limit, 1)
        let last = try integer("SELECT coalesce(max(seq), 0) FROM events")
        let ceiling = query.cursor?.ceiling ?? last
        var condition = query.condition
        condition.add("seq <= ?", .integer(ceiling))
        if let cursor = query.cursor {
            condition.add("(happened_at, seq) < (?, ?)", .integer(cursor.happenedAt), .integer(cursor.seq))
        }
        let found = try events(
            "\(condition.sql) ORDER BY happened_at DESC, seq DESC LIMIT ?", condition.values + [.integer(limit + 1)],
            wantsEvidence: query.wantsEvidence)
        guard found.count > limit else { return EventPage(events: found, next: nil, ceiling: ceiling) }
        let end = found[limit - 1]
        let next = EventCursor(ceiling: ceiling, happenedAt: end.happenedAt, seq: end.seq)
        return EventPage(events: Array(found[..<limit]), next: next, ceiling: ceiling)
    }

    fileprivate func snapshot<T>(_ body: () throws(StoreError) -> T) throws(StoreError) -> T {
        try runScript("BEGIN")
        // When it throws, the connection is dropped with its transaction: `EventStore.read` keeps none that failed.
        let result = try body()
        try runScript("COMMIT")
        return result
    }

    fileprivate func events(
        _ condition: String, _ values: [SQLValue], wantsEvidence: Bool
    ) throws(StoreError) -> [StoredEvent] {
        let lines = wantsEvidence ? "(SELECT lines FROM evidence WHERE event = seq)" : "NULL"
        return try rows(
            """
            SELECT seq, id, revision, kind, boot_id, kernel_time, sequence, pid, comm, killed_at, time_estimated, fingerprint,
                recorded_at, is_live, cause, confidence, scope, victim_cgroup, limit_cgroup, unit, container, pod,
                limit_is_derived, lost_records, is_partial, release, \(lines)
            FROM events WHERE \(condition)
            """, values
        ) { row throws(StoreError) in try storedEvent(row) }
    }

    private func storedEvent(_ row: Row) throws(StoreError) -> StoredEvent {
        let seq = try row.integer(0)
        guard let kind = EventKind(rawValue: try row.text(3)) else {
            throw StoreError(reason: .corrupt, path: path, statement: "kind of event \(seq)", code: 0)
        }
        var record = EventRecord(kind, try row.identity(at: 4))
        record.killedAt = row.integerOrNull(9).map { Timestamp(unixNanoseconds: $0) }
        record.isTimeEstimated = try row.flag(10)
        record.take(judgement: row, at: 14)
        record.lostRecords = row.integerOrNull(23)
        record.isPartial = try row.flag(24)
        record.release = row.textOrNull(25)
        record.victims = try rows(
            """
            SELECT pid, comm, uid, oom_score_adj, total_vm, anon_rss, file_rss, shmem_rss, pgtables
            FROM victims WHERE event = ? ORDER BY position
            """, [.integer(seq)]
        ) { row throws(StoreError) in Victim(row, at: 0) }
        if let lines = row.bytesOrNull(26) {
            guard let evidence = EvidenceCodec.decode(lines) else {
                throw StoreError(reason: .corrupt, path: path, statement: "lines of event \(seq)", code: 0)
            }
            record.evidence = evidence
        }
        let sources = try rows("SELECT source FROM sources WHERE event = ? ORDER BY source", [.integer(seq)]) {
            row throws(StoreError) in try row.text(0)
        }
        return StoredEvent(
            seq: seq, id: try row.text(1), revision: try row.integer(2), isLive: try row.flag(13),
            recordedAt: Timestamp(unixNanoseconds: try row.integer(12)), sources: sources, record: record)
    }
}
