extension OOMReportAssembler {
    mutating func take(_ kill: KillLine, _ record: KernelLogRecord) -> [OOMEvent] {
        if let index = indexOfReport(naming: kill) { return [complete(index, kill, record)] }
        if let event = recent?.add(kill, record, limits) { return [event] }
        if let index = indexOfReport(awaiting: kill) { return [complete(index, kill, record)] }
        return [begin(with: kill, OpenReport(from: record), record)]
    }

    /// memory.oom.group: the kernel says so after the first kill, or after it found that the first had ended already.
    mutating func takeWholeGroup(_ record: KernelLogRecord) -> [OOMEvent] {
        if let index = open.lastIndex(where: { $0.isSpared && $0.silence <= 8 }) {
            open[index].isWholeGroup = true
            open[index].touch(record)
            return []
        }
        guard let last = recent, !last.isOver, !last.isSpared, !last.time.isOlder(than: limits.group, at: record.time) else {
            beginGroup(record)
            return []
        }
        switch last.latest {
        case .first: recent?.isWholeGroup = true
        case .member(let victim): return split(last, victim)
        case .repeated: beginGroup(record)
        }
        return []
    }

    /// What a report that is given up has to tell: whom it chose, if what it says of the kill was lost.
    func lastWord(of report: OpenReport) -> OOMEvent? {
        guard report.isTornAfterSummary, !report.isSpared, let summary = report.summary else { return nil }
        let victim = Victim(processID: summary.processID, comm: summary.comm, userID: summary.userID)
        return OOMEvent(
            of: report, summary, message: nil, victim: victim,
            at: OOMEvent.Anchor(origin: origin, sequence: report.lastSequence, time: report.lastTime))
    }

    private mutating func complete(_ index: Int, _ kill: KillLine, _ record: KernelLogRecord) -> OOMEvent {
        begin(with: kill, open.remove(at: index), record)
    }

    private mutating func begin(with kill: KillLine, _ report: OpenReport, _ record: KernelLogRecord) -> OOMEvent {
        let summary = report.summaryText.flatMap { OOMSummary($0, victim: kill.victim.comm) } ?? report.summary
        let message = kill.message ?? report.choice?.message
        let event = OOMEvent(
            of: report, summary, message: message, victim: kill.victim.completed(by: summary),
            at: OOMEvent.Anchor(origin: origin, sequence: record.sequence, time: record.time))
        recent = RecentKill(event: event, message: kill.message, isWholeGroup: report.isWholeGroup)
        return event
    }

    private mutating func beginGroup(_ record: KernelLogRecord) {
        let index = openReport(record)
        open[index].isWholeGroup = true
    }

    /// The victim that was taken for one of the last group was the first of another, whose report was not printed.
    private mutating func split(_ last: RecentKill, _ victim: RecentKill.Member) -> [OOMEvent] {
        var rest = last.event
        rest.victims.removeLast()
        rest.lastSequence = victim.previous
        let event = OOMEvent(
            of: OpenReport(from: victim.record), nil, message: last.message, victim: victim.victim,
            at: OOMEvent.Anchor(origin: origin, sequence: victim.record.sequence, time: victim.record.time))
        recent = RecentKill(event: event, message: last.message, isWholeGroup: true)
        return [event, rest]
    }
}

extension Victim {
    fileprivate func completed(by summary: OOMSummary?) -> Victim {
        guard userID == nil, let summary, summary.processID == processID else { return self }
        return Victim(
            processID: processID, comm: comm, userID: summary.userID, scoreAdjustment: scoreAdjustment, memory: memory)
    }
}
