import Host
import Kernel
public import Store
import Synchronization

extension EventLedger {
    /// Shows an event, or what is new in it, and has it written.
    ///
    /// - Parameters:
    ///   - id: what it is called by whoever reads the log; the ledger may know it under another.
    ///   - isFromBefore: the ring held it when we looked for the first time in our life.
    /// - Returns: the event as it is shown now.
    @discardableResult
    public func add(_ record: EventRecord, id: String, source: String = "kmsg", isFromBefore: Bool = false) -> StoredEvent {
        show(record, id: id, source: source, isFromBefore: isFromBefore).event
    }

    /// The same, and whether nobody was told of it before.
    func show(_ record: EventRecord, id: String, source: String, isFromBefore: Bool) -> (event: StoredEvent, isNew: Bool) {
        let now = settings.now()
        let shown = telling.withLock { _ in
            let shown = state.withLock { state in
                let shown = state.add(record, Introduction(id: id, source: source, isFromBefore: isFromBefore, toldAt: now))
                state.makeRoom(capacity: settings.capacity, evidence: settings.evidence)
                return shown
            }
            if shown.isNew { settings.onLive(ShownEvent(event: shown.event, isDurable: false)) }
            return shown
        }
        bell.withLock { $0 }?.ring()
        return shown
    }

    /// The ring has been read to its end. The first time in our life, all that was in it was before us.
    public func caughtUp(at sequence: UInt64) {
        state.withLock { state in
            guard state.history == nil else { return }
            let history = History(bootID: settings.bootID, sequence: sequence)
            state.history = history
            state.facts[History.beganFact] = history.text
        }
        bell.withLock { $0 }?.ring()
    }

    /// Whether what is read now was there before we were, as far as the store knows.
    public var hasHistory: Bool { state.withLock { $0.history != nil } }
}

/// How an event comes to the ledger.
struct Introduction {
    let id: String
    let source: String
    let isFromBefore: Bool
    let toldAt: Timestamp
}

extension EventLedger.State {
    fileprivate mutating func add(
        _ record: EventRecord, _ introduction: Introduction
    ) -> (event: StoredEvent, isNew: Bool) {
        changes += 1
        let isLive = !introduction.isFromBefore && !(history?.isBefore(record.identity) ?? false)
        if let index = pending.lastIndex(where: { $0.event.id == introduction.id }) {
            return (revise(index, record), false)
        }
        let place = place(of: record, introduction, isLive: isLive)
        let event = StoredEvent(
            seq: place.seq, id: place.id, revision: place.revision, isLive: isLive, recordedAt: place.recordedAt,
            sources: [introduction.source], record: record)
        if isLive { count(record, beyond: place.counted, isNew: place.isNew) }
        pending.append(EventLedger.PendingEvent(event: event, isNews: place.isNews, change: changes))
        return (event, isLive && place.isUnknown)
    }

    private struct Place {
        let id: String
        let seq: Int
        let revision: Int
        let recordedAt: Timestamp
        /// Of its victims so many are counted.
        let counted: Int
        /// It counts as an event.
        let isNew: Bool
        /// Nobody has told it before.
        var isUnknown = false
        let isNews: Bool
    }

    private mutating func place(of record: EventRecord, _ introduction: Introduction, isLive: Bool) -> Place {
        if let written = written[introduction.id] {
            return Place(
                id: introduction.id, seq: written.seq, revision: written.revision + 1, recordedAt: written.recordedAt,
                counted: written.victims, isNew: false, isNews: true)
        }
        if let known = known.known(record, id: introduction.id) {
            return Place(
                id: known.id, seq: known.seq, revision: known.revision + (known.isOutdone ? 1 : 0),
                recordedAt: introduction.toldAt, counted: known.isLive ? known.victims : 0, isNew: !known.isLive,
                isNews: known.isOutdone)
        }
        return Place(
            id: introduction.id, seq: takeNumber(), revision: 1, recordedAt: introduction.toldAt, counted: 0, isNew: true,
            isUnknown: true, isNews: true)
    }

    /// What is shown already has another victim, or more of its report.
    private mutating func revise(_ index: Int, _ record: EventRecord) -> StoredEvent {
        let before = pending[index].event
        guard record != before.record else { return before }
        var record = record
        record.killedAt = before.record.killedAt ?? record.killedAt
        let event = StoredEvent(
            seq: before.seq, id: before.id, revision: before.revision + 1, isLive: before.isLive,
            recordedAt: before.recordedAt, sources: before.sources, record: record)
        if before.isLive { count(record, beyond: before.record.victims.count, isNew: false) }
        pending[index] = EventLedger.PendingEvent(event: event, isNews: true, change: changes)
        return event
    }

    /// Gives up the lines of the oldest, then the oldest themselves.
    fileprivate mutating func makeRoom(capacity: Int, evidence: Bytes) {
        if pending.count > capacity {
            let surplus = pending.count - capacity
            if store != nil { dropped += surplus }
            pending.removeFirst(surplus)
        }
        var size = 0
        for index in pending.indices.reversed() {
            size += pending[index].event.record.evidence.reduce(0) { $0 + $1.text.count + MemoryLayout<LogLine>.stride }
            guard size > evidence.count, pending.count > 1 else { continue }
            pending[index].event = pending[index].event.withoutEvidence
        }
    }
}

extension StoredEvent {
    var withoutEvidence: StoredEvent {
        var record = record
        record.evidence = []
        return StoredEvent(
            seq: seq, id: id, revision: revision, isLive: isLive, recordedAt: recordedAt, sources: sources, record: record)
    }
}
