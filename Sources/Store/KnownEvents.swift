public import Kernel

/// What the store has of one boot, so that the kernel's ring can be read again without asking the disk for each event.
public struct KnownEvents: Sendable {
    private var byVictim: [Victim: [KnownEvent]] = [:]
    private var byID: [String: KnownEvent] = [:]

    private struct Victim: Hashable {
        let processID: ProcessID?
        let comm: CommandName?
    }

    public init() {}

    /// What is known of an event, whatever it was called.
    public struct Known: Hashable, Sendable {
        public let id: String
        public let seq: Int
        public let revision: Int
        public let isLive: Bool
        public let victims: Int
        /// The record says more than the store has.
        public let isOutdone: Bool
    }

    /// - Parameter id: what it would be called if it were not known.
    public func known(_ record: EventRecord, id: String) -> Known? {
        let wanted = EventMatch.Telling(record)
        let victim = Victim(processID: record.identity.processID, comm: record.identity.comm)
        let found =
            byID[id]
            ?? byVictim[victim]?.compactMap { known in EventMatch.distance(wanted, known.telling).map { ($0, known) } }
            .min { $0.0 < $1.0 }?.1
        return found.map {
            Known(
                id: $0.id, seq: $0.seq, revision: $0.revision, isLive: $0.isLive, victims: $0.victims,
                isOutdone: $0.isOutdone(by: record))
        }
    }
}

extension EventStore {
    /// Those of a boot, and those of which it is not known and which happened since shortly before it.
    public func known(ofBoot bootID: String, startedAt start: Timestamp) throws(StoreError) -> KnownEvents {
        var known = KnownEvents()
        let earliest = start.unixNanoseconds - EventMatch.sameStampTolerance
        let found = try read { (database) throws(StoreError) in
            try database.knownEvents(
                "boot_id = ? OR (boot_id IS NULL AND happened_at >= ?)", [.text(bootID), .integer(earliest)])
        }
        for event in found { known.add(event) }
        return known
    }
}

extension KnownEvents {
    fileprivate mutating func add(_ event: KnownEvent) {
        let victim = Victim(processID: event.telling.identity.processID, comm: event.telling.identity.comm)
        byVictim[victim, default: []].append(event)
        byID[event.id] = event
    }
}
