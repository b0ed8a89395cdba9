/// The last event that came out, as long as more victims may belong to it (memory.oom.group).
struct RecentKill: Sendable {
    private(set) var event: OOMEvent
    let message: KillMessage?
    var isWholeGroup: Bool
    /// No more victims of it will come.
    var isOver = false
    /// A task that had ended already was skipped since the last kill.
    private(set) var isSpared = false
    private(set) var latest = Latest.first
    private(set) var time: TimeSinceBoot
    private var firstWasRepeated = false

    enum Latest: Sendable {
        case first
        case member(Member)
        case repeated
    }

    struct Member: Sendable {
        let victim: Victim
        let record: KernelLogRecord
        /// The last record of the event without it.
        let previous: UInt64
    }

    init(event: OOMEvent, message: KillMessage?, isWholeGroup: Bool) {
        self.event = event
        self.message = message
        self.isWholeGroup = isWholeGroup
        time = event.time
    }
}

extension RecentKill {
    /// The event with the new victim; nil if `kill` is none of this group. The first victim may be printed once more.
    mutating func add(_ kill: KillLine, _ record: KernelLogRecord, _ limits: OOMReportAssembler.Limits) -> OOMEvent? {
        guard isWholeGroup, takes(kill.message, record, limits) else { return nil }
        let known = event.victims.firstIndex { $0.processID == kill.victim.processID }
        switch known {
        case nil:
            latest = .member(Member(victim: kill.victim, record: record, previous: event.lastSequence))
            event.victims.append(kill.victim)
        case 0 where !firstWasRepeated:
            latest = .repeated
            firstWasRepeated = true
        default: return nil
        }
        isSpared = false
        time = record.time
        event.lastSequence = record.sequence
        return event
    }

    /// False if the task that was spared has nothing to do with this event.
    mutating func spare(at record: KernelLogRecord, _ limits: OOMReportAssembler.Limits) -> Bool {
        guard isWholeGroup, takes(message, record, limits) else { return false }
        isSpared = true
        time = record.time
        return true
    }

    /// Records were lost: victims of the group may have been among them.
    mutating func tear() {
        if isWholeGroup, !isOver, event.report == .full { event.report = .partial }
    }

    private func takes(_ message: KillMessage?, _ record: KernelLogRecord, _ limits: OOMReportAssembler.Limits) -> Bool {
        !isOver && message == self.message && !time.isOlder(than: limits.group, at: record.time)
    }
}
