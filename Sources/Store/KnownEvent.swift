import Diagnosis
import Kernel

/// As much of a stored event as is needed to recognise it, and to see what a telling adds.
struct KnownEvent {
    let seq: Int
    let id: String
    let revision: Int
    let isLive: Bool
    let victims: Int
    let telling: EventMatch.Telling
    /// What the log did not say of it.
    let derivedLimit: CgroupPath?
    fileprivate let kind: String
    fileprivate let judgement: [String?]
    fileprivate let evidenceLines: Int
}

extension KnownEvent {
    /// The telling has more victims or more lines; or the same, and they are understood better by now.
    func isOutdone(by record: EventRecord) -> Bool {
        guard record.victims.count >= victims, record.evidence.count >= evidenceLines else { return false }
        if record.victims.count > victims || record.evidence.count > evidenceLines { return true }
        let now = [record.cause?.rawValue, record.confidence?.rawValue, record.scope.rawValue]
        return record.kind.rawValue != kind || now != judgement
    }

    /// The telling as it counts when the store keeps what it had.
    func counted(_ record: EventRecord) -> EventRecord {
        var record = record
        record.victims = Array(record.victims.prefix(victims))
        return record
    }
}

extension Database {
    /// - Parameter condition: in SQL, of the table `events`.
    func knownEvents(_ condition: String, _ values: [SQLValue]) throws(StoreError) -> [KnownEvent] {
        try rows(
            """
            SELECT seq, id, revision, is_live, (SELECT count(*) FROM victims v WHERE v.event = events.seq), kind, cause,
                confidence, scope, evidence_lines, boot_id, kernel_time, sequence, pid, comm, killed_at, time_estimated,
                fingerprint, CASE WHEN limit_is_derived THEN limit_cgroup END
            FROM events WHERE \(condition)
            """, values
        ) { row throws(StoreError) in
            let kind = try row.text(5)
            return KnownEvent(
                seq: try row.integer(0), id: try row.text(1), revision: try row.integer(2), isLive: try row.flag(3),
                victims: try row.integer(4),
                telling: EventMatch.Telling(
                    try row.identity(at: 10), EventKind(rawValue: kind) ?? .zoneState,
                    row.integerOrNull(15).map { Timestamp(unixNanoseconds: $0) }, isEstimated: try row.flag(16)),
                derivedLimit: row.bytesOrNull(18).map { CgroupPath($0) }, kind: kind,
                judgement: [row.textOrNull(6), row.textOrNull(7), row.textOrNull(8)], evidenceLines: try row.integer(9))
        }
    }
}

extension Row {
    /// boot_id, kernel_time, sequence, pid, comm; seven columns on the fingerprint.
    func identity(at first: Int32) throws(StoreError) -> EventIdentity {
        EventIdentity(
            bootID: textOrNull(first), time: integerOrNull(first + 1).map { TimeSinceBoot(microseconds: $0) },
            sequence: integerOrNull(first + 2).map { UInt64(clamping: $0) },
            processID: integerOrNull(first + 3).map { ProcessID(Int32(clamping: $0)) },
            comm: bytesOrNull(first + 4).map { CommandName($0) },
            fingerprint: UInt64(bitPattern: Int64(try integer(first + 7))))
    }
}

extension EventIdentity {
    /// boot_id, kernel_time, sequence, pid, comm.
    var values: [SQLValue] {
        [
            SQLValue(bootID), SQLValue(time?.microseconds), SQLValue(sequence.map { Int(clamping: $0) }),
            SQLValue(processID.map { Int($0.rawValue) }), SQLValue(comm?.bytes),
        ]
    }

    /// Of the kernel's ring the boot and the record; else of the words and the stamps before them.
    var proposedID: String {
        if let bootID, let sequence { return "\(bootID)-\(sequence)" }
        var hash = fingerprint
        for value in [time?.microseconds ?? -1, processID.map { Int($0.rawValue) } ?? -1] {
            hash = (hash ^ UInt64(bitPattern: Int64(value))) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return "log-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension EventRecord {
    /// As `take(judgement:at:)` reads them.
    var judgementValues: [SQLValue] {
        [
            SQLValue(cause?.rawValue), SQLValue(confidence?.rawValue), .text(scope.rawValue), SQLValue(victimCgroup?.bytes),
            SQLValue(limitCgroup?.bytes), SQLValue(unit), SQLValue(container), SQLValue(pod), SQLValue(isLimitDerived),
        ]
    }
}

extension Victim {
    /// pid, comm, uid, oom_score_adj, total_vm, anon_rss, file_rss, shmem_rss, pgtables.
    var values: [SQLValue] {
        [
            SQLValue(processID.map { Int($0.rawValue) }), SQLValue(comm?.bytes), SQLValue(userID), SQLValue(scoreAdjustment),
            SQLValue(memory.total?.count), SQLValue(memory.anonymous?.count), SQLValue(memory.file?.count),
            SQLValue(memory.shared?.count), SQLValue(memory.pageTables?.count),
        ]
    }

    init(_ row: Row, at first: Int32) {
        self.init(
            processID: row.integerOrNull(first).map { ProcessID(Int32(clamping: $0)) },
            comm: row.bytesOrNull(first + 1).map { CommandName($0) }, userID: row.integerOrNull(first + 2),
            scoreAdjustment: row.integerOrNull(first + 3),
            memory: Memory(
                total: row.bytesCount(first + 4), anonymous: row.bytesCount(first + 5), file: row.bytesCount(first + 6),
                shared: row.bytesCount(first + 7), pageTables: row.bytesCount(first + 8)))
    }
}

extension Row {
    fileprivate func bytesCount(_ column: Int32) -> Bytes? { integerOrNull(column).map { Bytes($0) } }
}
