/// The tables of what is protected and who did it, as the forward-only steps that made them. A step that has been released is
/// never changed.
enum ProtectionSchema {
    static let steps = [
        """
        CREATE TABLE audit(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            who TEXT,
            address TEXT,
            verb TEXT NOT NULL,
            boot_id TEXT,
            pid INTEGER,
            start_time INTEGER,
            comm BLOB,
            before INTEGER,
            after INTEGER,
            lease TEXT,
            policy TEXT,
            reason TEXT,
            result TEXT NOT NULL,
            detail TEXT,
            action TEXT NOT NULL);
        CREATE INDEX audit_by_time ON audit(at);
        CREATE INDEX audit_by_process ON audit(pid);
        CREATE INDEX audit_by_action ON audit(action);
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is only appended to'); END;
        CREATE TABLE leases(
            id TEXT PRIMARY KEY,
            owner TEXT,
            address TEXT,
            boot_id TEXT NOT NULL,
            pid INTEGER NOT NULL,
            start_time INTEGER NOT NULL,
            comm BLOB,
            oom_score_adj INTEGER NOT NULL,
            children TEXT NOT NULL,
            reason TEXT,
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            expires_since_boot INTEGER,
            ended_at INTEGER,
            ended_why TEXT) WITHOUT ROWID;
        CREATE INDEX leases_by_end ON leases(ended_at);
        CREATE TABLE touched(
            boot_id TEXT NOT NULL,
            pid INTEGER NOT NULL,
            start_time INTEGER NOT NULL,
            baseline INTEGER NOT NULL,
            applied INTEGER NOT NULL,
            since INTEGER NOT NULL,
            moved_floor INTEGER NOT NULL,
            heir_of_pid INTEGER,
            heir_of_start_time INTEGER,
            policy TEXT,
            policy_adj INTEGER,
            policy_children TEXT,
            PRIMARY KEY(boot_id, pid, start_time)) WITHOUT ROWID;
        """
    ]
}
