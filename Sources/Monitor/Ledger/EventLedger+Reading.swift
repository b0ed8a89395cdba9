import Kernel
public import Store
import Synchronization

/// An event as it is shown.
public struct ShownEvent: Hashable, Sendable {
    public let event: StoredEvent
    /// The store has all of it.
    public let isDurable: Bool
}

/// Some events, newest first.
public struct EventListing: Sendable {
    public let events: [ShownEvent]
    /// Where the next page begins; nil if there is none.
    public let next: EventCursor?
    /// Why those of the store are missing; nil where they are not.
    public let failure: StoreError?
}

extension EventLedger {
    public func events(_ query: EventQuery) -> EventListing {
        let (store, news) = state.withLock { ($0.store, $0.news) }
        let fresh = news.filter { query.wants($0) }
        var page = EventPage(events: [], next: nil, ceiling: 0)
        var failure: StoreError?
        if let store {
            do throws(StoreError) { page = try store.events(query) } catch { failure = error }
        }
        // What was written between the two looks is in both; what has a later revision in memory is shown from there.
        let stored = page.events.filter { event in !news.contains { $0.id == event.id && $0.revision > event.revision } }
        let known = Set(stored.map(\.id))
        let shown =
            stored.map { ShownEvent(event: $0, isDurable: true) }
            + fresh.filter { !known.contains($0.id) }.map { ShownEvent(event: $0, isDurable: false) }
        return listing(shown, page, query, failure)
    }

    /// With its evidence. nil where there is none of that name.
    public func event(_ id: String) throws(StoreError) -> ShownEvent? {
        let (store, news) = state.withLock { ($0.store, $0.news) }
        let fresh = news.last { $0.id == id }
        let stored = try store?.event(id)
        if let stored, (fresh?.revision ?? 0) <= stored.revision { return ShownEvent(event: stored, isDurable: true) }
        return fresh.map { ShownEvent(event: $0, isDurable: false) }
    }

    /// Those that happened under our eyes after the number `seq`, in the order of their numbers.
    public func liveEvents(after seq: Int, _ query: EventQuery) throws(StoreError) -> [ShownEvent] {
        var query = query
        query.isLive = true
        let (store, news) = state.withLock { ($0.store, $0.news) }
        let stored = try store?.events(after: seq, query) ?? []
        let known = Set(stored.map(\.id))
        let fresh = news.filter { $0.seq > seq && query.wants($0) && !known.contains($0.id) }
        let all =
            stored.map { ShownEvent(event: $0, isDurable: true) } + fresh.map { ShownEvent(event: $0, isDurable: false) }
        return Array(all.sorted { $0.event.seq < $1.event.seq }.prefix(query.limit))
    }

    private func listing(
        _ shown: [ShownEvent], _ page: EventPage, _ query: EventQuery, _ failure: StoreError?
    ) -> EventListing {
        let limit = max(query.limit, 1)
        let ordered = shown.sorted { $0.event.isNewer(than: $1.event) }
        let events = Array(ordered.prefix(limit))
        guard ordered.count > limit || page.next != nil, let last = events.last?.event else {
            return EventListing(events: events, next: nil, failure: failure)
        }
        let ceiling = query.cursor?.ceiling ?? max(page.ceiling, ordered.map(\.event.seq).max() ?? 0)
        let next = EventCursor(ceiling: ceiling, happenedAt: last.happenedAt, seq: last.seq)
        return EventListing(events: events, next: next, failure: failure)
    }
}

extension EventLedger.State {
    /// What the file does not have yet.
    fileprivate var news: [StoredEvent] { pending.filter(\.isNews).map(\.event) }
}

extension StoredEvent {
    fileprivate func isNewer(than other: StoredEvent) -> Bool {
        (happenedAt, seq) > (other.happenedAt, other.seq)
    }
}

extension EventLedger {
    /// How many there are by what `key` says, the most first.
    public func counts(by key: EventKey, _ query: EventQuery) throws(StoreError) -> [(value: [UInt8]?, events: Int)] {
        let (store, news) = state.withLock { ($0.store, $0.news) }
        var counts: [[UInt8]?: Int] = [:]
        for count in try store?.counts(by: key, query) ?? [] { counts[count.value] = count.events }
        for event in news where event.revision == 1 && query.wants(event) { counts[key.value(of: event.record), default: 0] += 1 }
        let ordered = counts.sorted { a, b in
            a.value == b.value ? (a.key ?? []).lexicographicallyPrecedes(b.key ?? []) : a.value > b.value
        }
        return ordered.prefix(max(query.limit, 1)).map { (value: $0.key, events: $0.value) }
    }

    /// Of the kernel's own kills: what its counter should say.
    public func victimsOfThisBoot() throws(StoreError) -> Int {
        let (store, news) = state.withLock { ($0.store, $0.news) }
        let fresh = news.filter {
            $0.revision == 1 && $0.record.kind.isKernelKill && $0.record.identity.bootID == settings.bootID
        }
        return try (store?.victims(ofBoot: settings.bootID) ?? 0) + fresh.reduce(0) { $0 + $1.record.victims.count }
    }

    /// Was it the OOM killer? By what is in memory and in the file.
    public func explain(_ question: KillQuestion) throws(StoreError) -> KillVerdict {
        let now = settings.now()
        let listing = events(question.events(until: now))
        if let failure = listing.failure { throw failure }
        let store = state.withLock { $0.store }
        let wanted = question.span(until: now)
        let recent = coverage
        let spans = try (store?.coverage(touching: wanted) ?? []) + recent.filter { $0.time.overlaps(wanted) }
        return KillVerdict(question, events: listing.events.map(\.event), spans: spans.joined, now: now)
    }
}

extension [CoveredSpan] {
    /// With those made one that continue each other.
    fileprivate var joined: [CoveredSpan] {
        sorted { ($0.bootID, $0.sequences.lowerBound) < ($1.bootID, $1.sequences.lowerBound) }
            .reduce(into: []) { spans, span in
                if let whole = spans.last?.joined(with: span) {
                    spans[spans.endIndex - 1] = whole
                } else {
                    spans.append(span)
                }
            }
            .sorted { $0.time.lowerBound < $1.time.lowerBound }
    }
}
