public import Diagnosis
public import Kernel

/// What has been counted since our first start, over every restart. Retention does not lower it.
public struct StoredCounters: Hashable, Sendable {
    /// Victims of the kernel.
    public var victimsByScope: [OOMScope: Int] = [:]
    public var eventsByScope: [OOMScope: Int] = [:]
    public var victimsByCause: [Cause: Int] = [:]
    public var lostRecords = 0
    public var lastKill: Timestamp?

    public init() {}
}

extension EventStore {
    public func counters() throws(StoreError) -> StoredCounters {
        let values = try read { (database) throws(StoreError) in try database.counters() }
        var counters = StoredCounters()
        for (name, value) in values { counters.take(name, value) }
        return counters
    }

    /// Something of the history as a whole, such as when it began; nil where it was never written.
    public func fact(_ name: String) throws(StoreError) -> String? {
        try read { (database) throws(StoreError) in
            try database.row("SELECT value FROM facts WHERE name = ?", [.text(name)]) { row throws(StoreError) in
                try row.text(0)
            }
        }
    }

    public func setFact(_ name: String, to value: String) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try database.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", [.text(name), .text(value)])
        }
    }
}

extension Database {
    /// What `record` adds to the counters when the first `counted` of its victims are in them.
    func count(_ record: EventRecord, beyond counted: Int, isNew: Bool) throws(StoreError) {
        if isNew, let lost = record.lostRecords { try add(lost, to: "lost_records") }
        guard record.kind.isKernelKill else { return }
        if isNew { try add(1, to: "events.scope.\(record.scope.rawValue)") }
        let more = record.victims.count - counted
        if more > 0 {
            try add(more, to: "victims.scope.\(record.scope.rawValue)")
            try add(more, to: "victims.cause.\((record.cause ?? .unknown).rawValue)")
        }
        if let time = record.killedAt?.unixNanoseconds { try raise("last_kill", to: time) }
    }

    func add(_ count: Int, to name: String) throws(StoreError) {
        try run(
            "INSERT INTO counters VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
            [.text(name), .integer(count)])
    }

    private func raise(_ name: String, to value: Int) throws(StoreError) {
        try run(
            "INSERT INTO counters VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)",
            [.text(name), .integer(value)])
    }

    func counters() throws(StoreError) -> [(String, Int)] {
        try rows("SELECT name, value FROM counters") { row throws(StoreError) in (try row.text(0), try row.integer(1)) }
    }

    func facts() throws(StoreError) -> [(String, String)] {
        try rows("SELECT name, value FROM facts") { row throws(StoreError) in (try row.text(0), try row.text(1)) }
    }
}

extension StoredCounters {
    fileprivate mutating func take(_ name: String, _ value: Int) {
        let parts = name.split(separator: ".").map(String.init)
        switch (parts.count, parts[0], parts.last.map { $0 } ?? "") {
        case (3, "victims", let key) where parts[1] == "scope": OOMScope(rawValue: key).map { victimsByScope[$0] = value }
        case (3, "victims", let key): Cause(rawValue: key).map { victimsByCause[$0] = value }
        case (3, "events", let key): OOMScope(rawValue: key).map { eventsByScope[$0] = value }
        case (1, "lost_records", _): lostRecords = value
        case (1, "last_kill", _): lastKill = Timestamp(unixNanoseconds: value)
        default: break
        }
    }
}
