public import Kernel

/// One telling of an event: what, by whom, and whether it is news.
public struct EventTelling: Hashable, Sendable {
    public var record: EventRecord
    /// `kmsg`, or the file that it was imported from.
    public var source: String
    /// It happened since our first start: it counts.
    public var isLive: Bool
    public var toldAt: Timestamp
    /// Where it has been shown already.
    public var id: String?
    /// One that `reserve` gave.
    public var seq: Int?
    /// Under which it has been shown already.
    public var revision = 1

    public init(
        _ record: EventRecord, source: String, isLive: Bool, toldAt: Timestamp, shownAs shown: (id: String, seq: Int)? = nil
    ) {
        self.record = record
        self.source = source
        self.isLive = isLive
        self.toldAt = toldAt
        id = shown?.id
        seq = shown?.seq
    }
}

/// What a telling changed.
public struct RecordOutcome: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
        case added, revised, known
    }

    public let change: Change
    public let seq: Int
    public let id: String
    public let revision: Int
}

/// The events that one run over a source has told: it tells none twice.
public struct Claims: Sendable {
    fileprivate(set) var events: Set<Int> = []

    public init() {}
}

extension EventStore {
    /// All of them, or none when it throws. What is known already is not added again.
    public func record(_ tellings: [EventTelling], claims: inout Claims) throws(StoreError) -> [RecordOutcome] {
        var taken = claims
        let outcomes = try write { (database) throws(StoreError) in
            var outcomes: [RecordOutcome] = []
            for telling in tellings {
                let outcome = try database.record(telling, unless: taken)
                taken.events.insert(outcome.seq)
                outcomes.append(outcome)
            }
            return outcomes
        }
        claims = taken
        return outcomes
    }

    /// Numbers that nobody else will be given, for events that are shown before they are written.
    public func reserve(_ count: Int) throws(StoreError) -> Range<Int> {
        try write { (database) throws(StoreError) in
            try database.run(
                "INSERT INTO sqlite_sequence(name, seq) SELECT 'events', 0 WHERE NOT EXISTS "
                    + "(SELECT 1 FROM sqlite_sequence WHERE name = 'events')")
            let first = try database.integer("SELECT seq FROM sqlite_sequence WHERE name = 'events'") + 1
            try database.run("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'events'", [.integer(count)])
            return first..<first + count
        }
    }
}

extension Database {
    fileprivate func record(_ telling: EventTelling, unless claims: Claims) throws(StoreError) -> RecordOutcome {
        guard let known = try known(telling, unless: claims) else { return try add(telling) }
        return try merge(telling, into: known)
    }

    private func known(_ telling: EventTelling, unless claims: Claims) throws(StoreError) -> KnownEvent? {
        if let id = telling.id, let known = try knownEvents("id = ?", [.text(id)]).first { return known }
        let identity = telling.record.identity
        let wanted = EventMatch.Telling(telling.record)
        var candidates: [KnownEvent] = []
        if let boot = identity.bootID, let sequence = identity.sequence {
            let place: [SQLValue] = [.text(boot), .integer(Int(clamping: sequence))]
            candidates = try knownEvents("boot_id = ? AND sequence = ?", place)
        }
        if !candidates.contains(where: { EventMatch.distance(wanted, $0.telling) != nil }) {
            let victim: [SQLValue] = [SQLValue(identity.processID.map { Int($0.rawValue) }), SQLValue(identity.comm?.bytes)]
            candidates = try knownEvents("pid IS ? AND comm IS ?", victim)
        }
        return candidates.filter { !claims.events.contains($0.seq) }
            .compactMap { known in EventMatch.distance(wanted, known.telling).map { ($0, known) } }
            .min { ($0.0, $0.1.seq) < ($1.0, $1.1.seq) }?.1
    }

    private func add(_ telling: EventTelling) throws(StoreError) -> RecordOutcome {
        let id = try freeID(for: telling)
        let record = telling.record
        try run(
            """
            INSERT INTO events(
                seq, id, revision, kind, boot_id, kernel_time, sequence, pid, comm, killed_at, time_estimated, recorded_at,
                is_live, cause, confidence, scope, victim_cgroup, limit_cgroup, unit, container, pod,
                limit_is_derived, fingerprint, lost_records, is_partial, release, evidence_lines)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [SQLValue(telling.seq), .text(id), .integer(telling.revision), .text(record.kind.rawValue)] + record.identity.values
                + [
                    SQLValue(record.killedAt?.unixNanoseconds), SQLValue(record.isTimeEstimated),
                    .integer(telling.toldAt.unixNanoseconds), SQLValue(telling.isLive),
                ] + record.judgementValues
                + [
                    .integer(Int(Int64(bitPattern: record.identity.fingerprint))), SQLValue(record.lostRecords),
                    SQLValue(record.isPartial), SQLValue(record.release),
                    .integer(record.evidence.count),
                ])
        let seq = lastRow
        try writeParts(of: record, seq)
        try addSource(telling, seq)
        if telling.isLive { try count(record, beyond: 0, isNew: true) }
        return RecordOutcome(change: .added, seq: seq, id: id, revision: telling.revision)
    }

    private func merge(_ telling: EventTelling, into known: KnownEvent) throws(StoreError) -> RecordOutcome {
        try addSource(telling, known.seq)
        try learn(telling, about: known)
        let isNews = known.isOutdone(by: telling.record)
        // What another source does not say either stays as it was derived.
        var record = telling.record
        if record.limitCgroup == nil, record.victimCgroup == nil, let limit = known.derivedLimit { record.derive(limit: limit) }
        let revision = isNews ? max(known.revision + 1, telling.revision) : known.revision
        if isNews { try revise(known, record, revision) }
        let isCounted = known.isLive || telling.isLive
        if isCounted {
            let counted = known.isLive ? known.victims : 0
            try count(isNews ? telling.record : known.counted(telling.record), beyond: counted, isNew: !known.isLive)
        }
        return RecordOutcome(
            change: isNews ? .revised : .known, seq: known.seq, id: known.id, revision: revision)
    }

    /// What this source says and those before it did not. What was known is never changed.
    private func learn(_ telling: EventTelling, about known: KnownEvent) throws(StoreError) {
        let identity = telling.record.identity
        try run(
            """
            UPDATE events SET boot_id = coalesce(boot_id, ?), kernel_time = coalesce(kernel_time, ?),
                sequence = coalesce(sequence, ?), killed_at = coalesce(killed_at, ?), is_live = max(is_live, ?) WHERE seq = ?
            """,
            [
                SQLValue(identity.bootID), SQLValue(identity.time?.microseconds),
                SQLValue(identity.sequence.map { Int(clamping: $0) }), SQLValue(telling.record.killedAt?.unixNanoseconds),
                SQLValue(telling.isLive), .integer(known.seq),
            ])
    }

    private func revise(_ known: KnownEvent, _ record: EventRecord, _ revision: Int) throws(StoreError) {
        try run(
            """
            UPDATE events SET revision = ?, kind = ?, cause = ?, confidence = ?, scope = ?, victim_cgroup = ?,
                limit_cgroup = ?, unit = ?, container = ?, pod = ?, limit_is_derived = ?, is_partial = ?, evidence_lines = ?
                WHERE seq = ?
            """,
            [.integer(revision), .text(record.kind.rawValue)] + record.judgementValues
                + [SQLValue(record.isPartial), .integer(record.evidence.count), .integer(known.seq)])
        try run("DELETE FROM victims WHERE event = ?", [.integer(known.seq)])
        try writeParts(of: record, known.seq)
    }

    private func addSource(_ telling: EventTelling, _ seq: Int) throws(StoreError) {
        try run(
            "INSERT OR IGNORE INTO sources(event, source, first_line) VALUES (?, ?, ?)",
            [.integer(seq), .text(telling.source), SQLValue(telling.record.evidence.first?.number)])
    }

    private func writeParts(of record: EventRecord, _ seq: Int) throws(StoreError) {
        if !record.evidence.isEmpty {
            guard let lines = EvidenceCodec.encode(record.evidence) else {
                throw StoreError(reason: .outOfMemory, path: path, statement: nil, code: 0)
            }
            try run("INSERT OR REPLACE INTO evidence(event, lines) VALUES (?, ?)", [.integer(seq), .bytes(lines)])
        }
        for (position, victim) in record.victims.enumerated() {
            try run(
                "INSERT INTO victims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [.integer(seq), .integer(position)] + victim.values)
        }
    }

    /// The one it was shown under; else one made of what the source says, so that another store would give the same.
    private func freeID(for telling: EventTelling) throws(StoreError) -> String {
        if let id = telling.id { return id }
        let wanted = telling.record.identity.proposedID
        var id = wanted
        var copy = 1
        while try row("SELECT 1 FROM events WHERE id = ?", [.text(id)], { _ throws(StoreError) in true }) != nil {
            copy += 1
            id = "\(wanted)-\(copy)"
        }
        return id
    }
}
