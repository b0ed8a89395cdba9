public import Kernel

extension EventQuery {
    /// What `condition` asks of the file, asked of an event that is not in it yet; the cursor included.
    public func wants(_ event: StoredEvent) -> Bool {
        let record = event.record
        if let cursor {
            guard event.seq <= cursor.ceiling else { return false }
            guard (event.happenedAt.unixNanoseconds, event.seq) < (cursor.happenedAt, cursor.seq) else { return false }
        }
        if let since, event.happenedAt < since { return false }
        if let until, event.happenedAt >= until { return false }
        guard kinds.isEmpty ? record.hasVictim : kinds.contains(record.kind) else { return false }
        guard isSame(cause, record.cause), isSame(scope, record.scope), isSame(unit, record.unit) else { return false }
        guard isSame(pod, record.pod), isSame(bootID, record.identity.bootID), isSame(isLive, event.isLive) else { return false }
        if let container, !(record.container?.hasPrefix(container) ?? false) { return false }
        return wantsGroup(of: record) && wantsVictim(of: record)
    }

    private func isSame<T: Equatable>(_ wanted: T?, _ found: T?) -> Bool { wanted == nil || wanted == found }

    private func wantsGroup(of record: EventRecord) -> Bool {
        guard let cgroup else { return true }
        return [record.victimCgroup, record.limitCgroup].contains { $0?.isSameOrBelow(cgroup) ?? false }
    }

    private func wantsVictim(of record: EventRecord) -> Bool {
        if let comm, record.identity.comm != comm, !record.victims.contains(where: { $0.comm == comm }) { return false }
        guard let processID, record.identity.processID != processID else { return true }
        return record.victims.contains { $0.processID == processID }
    }
}

extension EventRecord {
    /// Somebody was ended.
    fileprivate var hasVictim: Bool { !victims.isEmpty || kind == .userspaceKill }
}

extension StoredEvent {
    /// When it happened; what happened under our eyes, at the latest when it was recorded; what an old log tells without a
    /// date comes before all. It is what a list is ordered by.
    public var happenedAt: Timestamp { record.killedAt ?? (isLive ? recordedAt : Timestamp(unixNanoseconds: 0)) }
}
