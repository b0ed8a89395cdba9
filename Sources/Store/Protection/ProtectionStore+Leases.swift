import CSQLite
public import Kernel

extension ProtectionStore {
    /// In the order in which they were made: those in force, and those that have ended since `time`.
    public func leases(endedSince time: Timestamp? = nil) throws(StoreError) -> [Lease] {
        try look { (database) throws(StoreError) in
            try database.rows(
                """
                SELECT id, owner, address, boot_id, pid, start_time, comm, oom_score_adj, children, reason, created_at,
                    expires_at, expires_since_boot, ended_at, ended_why
                FROM leases WHERE ended_at IS NULL OR ended_at >= ? ORDER BY created_at, id
                """, [.integer(time?.unixNanoseconds ?? .max)]
            ) { row throws(StoreError) in try database.lease(row) }
        }
    }

    public func touchedProcesses() throws(StoreError) -> [TouchedProcess] {
        try look { (database) throws(StoreError) in
            try database.rows(
                """
                SELECT boot_id, pid, start_time, baseline, applied, since, moved_floor, heir_of_pid, heir_of_start_time, policy,
                    policy_adj, policy_children FROM touched ORDER BY pid
                """
            ) { row throws(StoreError) in try database.touchedProcess(row) }
        }
    }

    /// Nothing of an earlier boot is left in any process.
    public func forgetTouched(exceptOf bootID: String) throws(StoreError) {
        try use { (database) throws(StoreError) in
            try database.run("DELETE FROM touched WHERE boot_id <> ?", [.text(bootID)])
        }
    }
}

extension Database {
    func put(_ lease: Lease) throws(StoreError) {
        let subject = lease.subject
        try run(
            """
            INSERT OR REPLACE INTO leases(id, owner, address, boot_id, pid, start_time, comm, oom_score_adj, children, reason,
                created_at, expires_at, expires_since_boot, ended_at, ended_why)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(lease.id), SQLValue(lease.owner.name), SQLValue(lease.owner.address), .text(subject.bootID),
                .integer(Int(subject.process.rawValue)), .integer(subject.startTime.count), SQLValue(subject.command?.bytes),
                .integer(lease.adjustment.rawValue), .text(lease.children.rawValue), SQLValue(lease.reason),
                .integer(lease.createdAt.unixNanoseconds), SQLValue(lease.expiry?.at.unixNanoseconds),
                SQLValue(lease.expiry?.sinceBoot.count), SQLValue(lease.end?.at.unixNanoseconds),
                SQLValue(lease.end?.why.rawValue),
            ])
    }

    func put(_ process: TouchedProcess) throws(StoreError) {
        try run(
            """
            INSERT OR REPLACE INTO touched(boot_id, pid, start_time, baseline, applied, since, moved_floor, heir_of_pid,
                heir_of_start_time, policy, policy_adj, policy_children) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            values(process.key) + [
                .integer(process.baseline.rawValue), .integer(process.applied.rawValue), .integer(process.since.count),
                SQLValue(process.movedFloor), SQLValue(process.heirOf.map { Int($0.process.rawValue) }),
                SQLValue(process.heirOf?.startTime.count), SQLValue(process.claim?.name),
                SQLValue(process.claim?.adjustment.rawValue), SQLValue(process.claim?.children.rawValue),
            ])
    }

    func forget(_ key: TouchedProcess.Key) throws(StoreError) {
        try run("DELETE FROM touched WHERE boot_id = ? AND pid = ? AND start_time = ?", values(key))
    }

    private func values(_ key: TouchedProcess.Key) -> [SQLValue] {
        [.text(key.bootID), .integer(Int(key.process.rawValue)), .integer(key.startTime.count)]
    }

    fileprivate func lease(_ row: Row) throws(StoreError) -> Lease {
        let key = try key(row, at: 3)
        let subject = AuditEntry.Subject(
            bootID: key.bootID, process: key.process, startTime: key.startTime,
            command: row.bytesOrNull(6).map { CommandName($0) })
        var lease = Lease(
            id: try row.text(0), owner: AuditEntry.Who(name: row.textOrNull(1), address: row.textOrNull(2)), of: subject,
            adjustment: try adjustment(row, 7), createdAt: Timestamp(unixNanoseconds: try row.integer(10)))
        lease.children = try childrenRule(row, 8)
        lease.reason = row.textOrNull(9)
        if let at = row.integerOrNull(11) {
            lease.expiry = Lease.Expiry(
                at: Timestamp(unixNanoseconds: at), sinceBoot: Nanoseconds(try row.integer(12)))
        }
        if let at = row.integerOrNull(13) {
            guard let why = Lease.End.Why(rawValue: try row.text(14)) else { throw damaged("end of lease \(lease.id)") }
            lease.end = Lease.End(at: Timestamp(unixNanoseconds: at), why: why)
        }
        return lease
    }

    fileprivate func touchedProcess(_ row: Row) throws(StoreError) -> TouchedProcess {
        let key = try key(row, at: 0)
        var process = TouchedProcess(
            key: key, baseline: try adjustment(row, 3), applied: try adjustment(row, 4), since: ClockTicks(try row.integer(5)))
        process.movedFloor = try row.flag(6)
        if let heirOf = row.integerOrNull(7) {
            process.heirOf = TouchedProcess.Key(
                bootID: key.bootID, process: ProcessID(Int32(truncatingIfNeeded: heirOf)),
                startTime: ClockTicks(try row.integer(8)))
        }
        if let name = row.textOrNull(9) {
            process.claim = PolicyClaim(
                name: name, adjustment: try adjustment(row, 10), children: try childrenRule(row, 11))
        }
        return process
    }

    private func key(_ row: Row, at column: Int32) throws(StoreError) -> TouchedProcess.Key {
        TouchedProcess.Key(
            bootID: try row.text(column), process: ProcessID(Int32(truncatingIfNeeded: try row.integer(column + 1))),
            startTime: ClockTicks(try row.integer(column + 2)))
    }

    private func adjustment(_ row: Row, _ column: Int32) throws(StoreError) -> OOMScoreAdjustment {
        guard let value = OOMScoreAdjustment(try row.integer(column)) else { throw damaged("an oom_score_adj") }
        return value
    }

    private func childrenRule(_ row: Row, _ column: Int32) throws(StoreError) -> ChildrenRule {
        guard let rule = ChildrenRule(rawValue: try row.text(column)) else { throw damaged("what is done with children") }
        return rule
    }

    private func damaged(_ what: String) -> StoreError {
        StoreError(reason: .corrupt, path: path, statement: what, code: 0)
    }
}
