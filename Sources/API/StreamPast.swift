import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Store
import Synchronization

/// What a client has missed, read piece by piece as it takes it: from the ledger, and of what no ledger keeps from the hub.
final class StreamPast: Sendable {
    private let hub: StreamHub<LiveEvent>
    private let ledger: EventLedger
    private let filter: StreamFilter
    private let documents: StreamDocuments
    private let position: Mutex<Int>

    init(
        _ hub: StreamHub<LiveEvent>, _ ledger: EventLedger, _ filter: StreamFilter, _ documents: StreamDocuments, after seq: Int
    ) {
        self.hub = hub
        self.ledger = ledger
        self.filter = filter
        self.documents = documents
        position = Mutex(seq)
    }

    /// A report with a long table has 100 kB.
    private static let atOnce = 8

    /// - Parameter listen: begins to follow where nothing was published since the mark, and says whether it does.
    /// - Returns: nil when there is no more, and what is to come is being followed.
    func next(_ sink: StreamSink, _ listen: (StreamHub<LiveEvent>.Mark, _ seen: Int) -> Bool) -> [UInt8]? {
        let seen = position.withLock { $0 }
        while true {
            let (kept, mark) = hub.remembered(after: seen)
            do throws(StoreError) {
                let entries = try missed(after: seen, kept)
                if let last = entries.last {
                    position.withLock { $0 = last.seq }
                    return entries.flatMap { documents.bytes(of: $0) }
                }
            } catch {
                // Without its past the client would take the gap for silence: it is cut off, and comes back.
                sink.end()
                return nil
            }
            if listen(mark, seen) { return nil }
        }
    }

    private func missed(
        after seen: Int, _ kept: [StreamHub<LiveEvent>.Entry]
    ) throws(StoreError) -> [StreamHub<LiveEvent>.Entry] {
        var query = filter.query
        query.limit = Self.atOnce
        query.wantsEvidence = true
        let stored = try ledger.liveEvents(after: seen, query).map {
            StreamHub<LiveEvent>.Entry(seq: $0.event.seq, event: .event($0))
        }
        let end = stored.count < Self.atOnce ? Int.max : stored.last?.seq ?? Int.max
        let others = kept.filter { $0.seq <= end && filter.wants($0.event) }
        return (stored + others).sorted { $0.seq < $1.seq }
    }
}

/// What a client asks for; the same words as `GET /oom-kills` takes, but of all kinds unless some are named.
struct StreamFilter: Sendable {
    let query: EventQuery
    /// Asks for something that only an event of a process or a group has.
    private let isNarrow: Bool

    init(_ query: EventQuery) {
        var query = query
        isNarrow = query.cause != nil || query.scope != nil || query.cgroup != nil || query.hasName
        if query.kinds.isEmpty { query.kinds = Set(EventKind.allCases) }
        self.query = query
    }

    func wants(_ event: LiveEvent) -> Bool {
        switch event {
        case .event(let shown): query.wants(shown.event)
        case .stall(let stored, _): query.wants(stored)
        case .zones(let change):
            query.kinds.contains(.zoneState) && !isNarrow && query.since.map { change.at >= $0 } ?? true
                && query.until.map { change.at < $0 } ?? true
        }
    }
}

extension EventQuery {
    fileprivate var hasName: Bool { unit != nil || container != nil || pod != nil || comm != nil }
}
