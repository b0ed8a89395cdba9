public import Kernel

/// How much history is kept: the older goes first, and what was counted stays counted.
public struct Retention: Hashable, Sendable {
    public var age: Nanoseconds
    /// Of the file.
    public var size: Bytes

    public init(age: Nanoseconds = Self.standardAge, size: Bytes = Self.standardSize) {
        self.age = age
        self.size = size
    }

    public static let standardAge = Nanoseconds(400 * 86_400 * 1_000_000_000)
    public static let standardSize = Bytes(kibibytes: 256 << 10)
}

/// What one run of the retention did.
public struct RetentionOutcome: Hashable, Sendable {
    public var removedForAge = 0
    public var removedForSize = 0
    /// The clock stands further ahead of the last run than history is kept: nobody's history is thrown away for that.
    public var distrustsClock = false

    public init() {}
}

extension EventStore {
    /// Removes what is too old and, of what is too much, the oldest; gives the pages back to the file system.
    public func retain(_ retention: Retention, now: Timestamp) throws(StoreError) -> RetentionOutcome {
        var outcome = RetentionOutcome()
        outcome.distrustsClock = try isAhead(now, of: retention)
        if !outcome.distrustsClock {
            let (oldest, overflow) = now.unixNanoseconds.subtractingReportingOverflow(retention.age.count)
            outcome.removedForAge = try removeEvents(before: overflow ? .min : oldest)
        }
        outcome.removedForSize = try removeOldest(toFit: retention.size)
        try shrink()
        try setFact(Self.lastRun, to: String(now.unixNanoseconds))
        return outcome
    }

    /// Of the pages in use; what is free within the file does not count.
    public func usedSize() throws(StoreError) -> Bytes {
        try read { (database) throws(StoreError) in try database.usedSize() }
    }

    /// Of the file.
    public func fileSize() throws(StoreError) -> Bytes {
        try read { (database) throws(StoreError) in
            Bytes(try database.integer("PRAGMA page_count") * database.integer("PRAGMA page_size"))
        }
    }

    private static var lastRun: String { "retention_ran_at" }

    private func isAhead(_ now: Timestamp, of retention: Retention) throws(StoreError) -> Bool {
        guard let last = try fact(Self.lastRun).flatMap({ Int($0) }) else { return false }
        let (elapsed, overflow) = now.unixNanoseconds.subtractingReportingOverflow(last)
        return overflow || elapsed > retention.age.count
    }

    private func removeEvents(before time: Int) throws(StoreError) -> Int {
        try write { (database) throws(StoreError) in
            try database.run("DELETE FROM attachments WHERE event IS NULL AND recorded_at < ?", [.integer(time)])
            try database.run("DELETE FROM coverage WHERE until_time < ?", [.integer(time)])
            try database.run("DELETE FROM events WHERE coalesce(killed_at, recorded_at) < ?", [.integer(time)])
            return database.changes
        }
    }

    /// A tenth of them at a time, so that no transaction is long.
    private func removeOldest(toFit size: Bytes) throws(StoreError) -> Int {
        var removed = 0
        while try withWriter({ (database) throws(StoreError) in try database.usedSize() > size }) {
            let count = try write { (database) throws(StoreError) in
                let share = try database.integer("SELECT max(count(*) / 10, 1) FROM events")
                try database.run(
                    "DELETE FROM events WHERE seq IN (SELECT seq FROM events ORDER BY happened_at, seq LIMIT ?)",
                    [.integer(share)])
                let count = database.changes
                return count > 0 ? count : try database.removeOldestKept()
            }
            guard count > 0 else { break }
            removed += count
        }
        return removed
    }

    private func shrink() throws(StoreError) {
        try withWriter { (database) throws(StoreError) in
            _ = try database.rows("PRAGMA incremental_vacuum") { _ throws(StoreError) in }
            _ = try database.rows("PRAGMA wal_checkpoint(TRUNCATE)") { _ throws(StoreError) in }
        }
    }
}

extension Database {
    /// Of what belongs to no event.
    fileprivate func removeOldestKept() throws(StoreError) -> Int {
        try run(
            """
            DELETE FROM attachments WHERE rowid IN (
                SELECT rowid FROM attachments WHERE event IS NULL ORDER BY recorded_at
                LIMIT (SELECT max(count(*) / 10, 1) FROM attachments WHERE event IS NULL))
            """)
        return changes
    }

    fileprivate func usedSize() throws(StoreError) -> Bytes {
        let pages = try integer("PRAGMA page_count") - integer("PRAGMA freelist_count")
        return Bytes(pages * (try integer("PRAGMA page_size")))
    }
}
