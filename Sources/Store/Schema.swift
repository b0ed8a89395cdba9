import CSQLite

/// The tables, as the forward-only steps that made them. A step that has been released is never changed.
enum Schema {
    static let version = steps.count

    static let steps = [
        """
        CREATE TABLE events(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            revision INTEGER NOT NULL,
            kind TEXT NOT NULL,
            boot_id TEXT,
            kernel_time INTEGER,
            sequence INTEGER,
            pid INTEGER,
            comm BLOB,
            killed_at INTEGER,
            time_estimated INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            is_live INTEGER NOT NULL,
            happened_at INTEGER NOT NULL GENERATED ALWAYS AS
                (coalesce(killed_at, CASE WHEN is_live THEN recorded_at ELSE 0 END)) STORED,
            cause TEXT,
            confidence TEXT,
            scope TEXT,
            victim_cgroup BLOB,
            limit_cgroup BLOB,
            unit TEXT,
            container TEXT,
            pod TEXT,
            fingerprint INTEGER NOT NULL,
            lost_records INTEGER,
            is_partial INTEGER NOT NULL,
            release TEXT,
            evidence_lines INTEGER NOT NULL);
        CREATE INDEX events_by_time ON events(happened_at, seq);
        CREATE INDEX events_by_victim ON events(pid, comm);
        CREATE INDEX events_by_boot ON events(boot_id, sequence);
        CREATE TABLE victims(
            event INTEGER NOT NULL REFERENCES events(seq) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            pid INTEGER,
            comm BLOB,
            uid INTEGER,
            oom_score_adj INTEGER,
            total_vm INTEGER,
            anon_rss INTEGER,
            file_rss INTEGER,
            shmem_rss INTEGER,
            pgtables INTEGER,
            PRIMARY KEY(event, position)) WITHOUT ROWID;
        CREATE INDEX victims_by_pid ON victims(pid);
        CREATE INDEX victims_by_comm ON victims(comm);
        CREATE TABLE evidence(
            event INTEGER PRIMARY KEY REFERENCES events(seq) ON DELETE CASCADE,
            lines BLOB NOT NULL);
        CREATE TABLE sources(
            event INTEGER NOT NULL REFERENCES events(seq) ON DELETE CASCADE,
            source TEXT NOT NULL,
            first_line INTEGER,
            PRIMARY KEY(event, source)) WITHOUT ROWID;
        CREATE TABLE attachments(
            event INTEGER REFERENCES events(seq) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            recorded_at INTEGER NOT NULL,
            data BLOB NOT NULL);
        CREATE INDEX attachments_by_event ON attachments(event, kind);
        CREATE TABLE coverage(
            boot_id TEXT NOT NULL,
            first_sequence INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            from_kernel_time INTEGER NOT NULL,
            until_kernel_time INTEGER NOT NULL,
            from_time INTEGER NOT NULL,
            until_time INTEGER NOT NULL,
            PRIMARY KEY(boot_id, first_sequence)) WITHOUT ROWID;
        CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """
    ]
}

extension Database {
    /// The number of steps that the file has been through; 0 for one without tables.
    func schemaVersion() throws(StoreError) -> Int { try integer("PRAGMA user_version") }

    /// Makes the file what this version writes.
    ///
    /// - Throws: `.newerSchema`, and then the file has not been touched.
    func prepare(_ steps: [String] = Schema.steps) throws(StoreError) {
        let found = try schemaVersion()
        guard found <= steps.count else {
            _ = oomwarden_leave_log_alone(handle)
            throw StoreError(
                reason: .newerSchema(found: found, known: steps.count), path: path, statement: nil, code: 0)
        }
        // Only an empty file can still be told that it shall be able to shrink.
        if found == 0 { try runScript("PRAGMA auto_vacuum = INCREMENTAL") }
        try runScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")
        try transaction { () throws(StoreError) in
            for step in steps.indices.dropFirst(max(try schemaVersion(), 0)) {
                try runScript(steps[step])
                try runScript("PRAGMA user_version = \(step + 1)")
            }
        }
    }
}
