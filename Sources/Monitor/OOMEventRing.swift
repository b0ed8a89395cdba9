public import Kernel

/// The last events, in the order of the log.
///
/// Those in which nobody died may come by the thousand (page allocation failures), so that they have a share of their own.
struct OOMEventRing: Sendable {
    let capacity: Int
    private let capacityWithoutVictim: Int
    private var events: [OOMEvent] = []

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        capacityWithoutVictim = max(capacity / 4, 1)
    }

    /// Of so many the tables are kept as they came; of older ones only what is needed to tell the kill.
    private static let detailed = 32

    /// What `put` did.
    enum Change: Equatable {
        case added
        case revised(OOMEvent)
        /// Older than all that there is room for.
        case tooOld
    }

    /// Adds an event, or puts it in the place of its own earlier state.
    mutating func put(_ event: OOMEvent) -> Change {
        let index = (events.lastIndex { $0.anchor <= event.anchor } ?? -1) + 1
        if index > 0, events[index - 1].id == event.id {
            defer { events[index - 1] = event }
            return .revised(events[index - 1])
        }
        guard makeRoom(for: event, before: index) else { return .tooOld }
        events.insert(event, at: min(index, events.endIndex))
        trimOld()
        return .added
    }

    private mutating func makeRoom(for event: OOMEvent, before index: Int) -> Bool {
        let isSame: (OOMEvent) -> Bool = { $0.hasVictim == event.hasVictim }
        let limit = event.hasVictim ? capacity : capacityWithoutVictim
        guard events.count(where: isSame) >= limit, let oldest = events.firstIndex(where: isSame) else { return true }
        guard oldest < index else { return false }
        events.remove(at: oldest)
        return true
    }

    private mutating func trimOld() {
        let old = events.count - 1 - Self.detailed
        guard old >= 0, events[old].report.tasks.rows.count > Self.rowsOfOld else { return }
        events[old] = events[old].with(events[old].report.forKeeping(tasks: Self.rowsOfOld))
    }

    private static let rowsOfOld = 16

    func event(_ id: String) -> OOMEvent? { events.last { $0.id == id } }

    func page(_ query: OOMEventQuery) -> OOMEventPage {
        let wanted = events.reversed().lazy.filter(query.wants).prefix(max(query.limit, 1) + 1)
        let page = Array(wanted)
        guard page.count > max(query.limit, 1), let last = page.dropLast().last else {
            return OOMEventPage(events: page, next: nil)
        }
        return OOMEventPage(events: page.dropLast(), next: OOMEventCursor(before: last))
    }
}

/// Which events are asked for, newest first.
public struct OOMEventQuery: Sendable {
    public var limit: Int
    /// Where the page before ended.
    public var cursor: OOMEventCursor?
    /// Only events whose victim was in this group or below it, or whose limit was.
    public var cgroup: CgroupPath?
    /// nil for all in which somebody was killed.
    public var kinds: Set<OOMReport.Kind>?

    public init(
        limit: Int = 100, cursor: OOMEventCursor? = nil, cgroup: CgroupPath? = nil, kinds: Set<OOMReport.Kind>? = nil
    ) {
        self.limit = limit
        self.cursor = cursor
        self.cgroup = cgroup
        self.kinds = kinds
    }

    func wants(_ event: OOMEvent) -> Bool {
        if let cursor, event.anchor >= cursor.anchor { return false }
        guard kinds.map({ $0.contains(event.kind) }) ?? event.hasVictim else { return false }
        guard let cgroup else { return true }
        return [event.victimCgroup, event.limitCgroup].contains { $0?.isSameOrBelow(cgroup) ?? false }
    }
}

/// Some events, newest first, and where the next page begins; nil if there is none.
public struct OOMEventPage: Sendable {
    public let events: [OOMEvent]
    public let next: OOMEventCursor?
}

/// A place in the list of events. It is a place in the log, so it stays right when events come or are forgotten.
public struct OOMEventCursor: Hashable, Sendable {
    let anchor: UInt64

    init(before event: OOMEvent) { anchor = event.anchor }

    /// Nil if `text` is none of ours.
    public init?(_ text: String) {
        guard let anchor = UInt64(text, radix: 36), String(anchor, radix: 36) == text else { return nil }
        self.anchor = anchor
    }

    public var text: String { String(anchor, radix: 36) }
}
