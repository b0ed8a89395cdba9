import Diagnosis
import Kernel
import Store

extension EventLedger {
    struct State: Sendable {
        var store: EventStore?
        var pending: [PendingEvent] = []
        /// Written in this life: what a later addition to them is numbered by.
        var written = RecentlyWritten()
        var known = KnownEvents()
        var numbers = 1..<Int.max
        var counters = StoredCounters()
        /// nil before the ring was read to its end for the first time ever.
        var history: History?
        var failure: StoreError?
        var writeErrors = 0
        var dropped = 0
        var size: Bytes?
        var coverage: [CoveredSpan] = []
        /// The log has been read to its end and is waited on.
        var isFollowing = false
        var lastCovered: UInt64?
        var facts: [String: String] = [:]
        var attachments: [(id: String, attachment: Attachment)] = []
        var changes = 0
    }

    /// An event that is not in the file yet, or not all of it.
    struct PendingEvent: Sendable {
        var event: StoredEvent
        /// False for what the file has in full; it is told again so that the file may learn from it.
        var isNews: Bool
        /// Of the state: what is written while it changes is written again.
        var change: Int

        var telling: EventTelling {
            var telling = EventTelling(
                event.record, source: event.sources.first ?? "kmsg", isLive: event.isLive, toldAt: event.recordedAt,
                shownAs: (event.id, event.seq))
            telling.revision = event.revision
            return telling
        }
    }

    /// Under which number and in which revision the last events were written.
    struct RecentlyWritten: Sendable {
        struct Entry: Sendable {
            let seq: Int
            let revision: Int
            let victims: Int
            let recordedAt: Timestamp
        }

        private var entries: [String: Entry] = [:]
        private var order: [String] = []
        private static let most = 2_000

        subscript(_ id: String) -> Entry? { entries[id] }

        mutating func note(_ id: String, _ entry: Entry) {
            if entries.updateValue(entry, forKey: id) == nil { order.append(id) }
            guard order.count > Self.most else { return }
            for old in order.prefix(Self.most / 2) { entries[old] = nil }
            order.removeFirst(Self.most / 2)
        }
    }
}

extension EventLedger.State {
    func status(capacity: Int) -> StoreStatus {
        StoreStatus(
            isUsed: store != nil, path: store?.path, failure: failure, writeErrors: writeErrors,
            backlog: store == nil ? 0 : pending.count(where: \.isNews), dropped: dropped, size: size)
    }

    /// The next number, never one that was given before.
    mutating func takeNumber() -> Int {
        // Where none was reserved because the file cannot be written, nobody else gives any either.
        guard let number = numbers.first else {
            numbers = numbers.upperBound..<Int.max
            return takeNumber()
        }
        numbers = numbers.dropFirst()
        return number
    }

    mutating func count(_ record: EventRecord, beyond counted: Int, isNew: Bool) {
        if isNew, let lost = record.lostRecords { counters.lostRecords += lost }
        guard record.kind.isKernelKill else { return }
        if isNew { counters.eventsByScope[record.scope, default: 0] += 1 }
        let more = max(record.victims.count - counted, 0)
        counters.victimsByScope[record.scope, default: 0] += more
        counters.victimsByCause[record.cause ?? .unknown, default: 0] += more
        if let time = record.killedAt { counters.lastKill = max(counters.lastKill ?? time, time) }
    }
}
