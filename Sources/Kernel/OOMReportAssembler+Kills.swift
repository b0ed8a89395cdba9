extension OOMReportAssembler {
    mutating func take(_ kill: KillLine, _ line: LogLine) {
        if recent?.isRepeated(line) ?? false { return }
        killLines &+= 1
        if kill.message == .pageFault { return takeFaultKill(kill, line) }
        if let index = indexOfReport(naming: kill) { return complete(index, kill, line) }
        if let report = recent?.add(kill, line, limits) ?? recent?.addSharer(kill, line) { return ready.append(report) }
        if let index = indexOfReport(awaiting: kill, line) { return complete(index, kill, line) }
        begin(with: kill, bareReport(at: line), line)
    }

    /// memory.oom.group: the kernel says so after the first kill, or after it found that the first had ended already.
    mutating func takeWholeGroup(_ line: LogLine) {
        if recent?.isRepeated(line) ?? false { return }
        if let index = open.lastIndex(where: { $0.isSpared && $0.silence <= 8 }) {
            open[index].isWholeGroup = true
            return open[index].touch(line)
        }
        guard let last = recent, !last.isOver, !last.isSpared, !last.report.victims.isEmpty,
            !last.last.isOlder(than: limits.group, at: line)
        else { return beginGroup(line) }
        switch last.latest {
        case .first: recent?.becomeWholeGroup(line)
        case .member(let victim): split(last, victim)
        case .repeated: beginGroup(line)
        }
    }

    /// Up to 2.6.28: the process whose page could not be had is ended by the fault handler itself.
    private mutating func takeFaultKill(_ kill: KillLine, _ line: LogLine) {
        let index = open.lastIndex { $0.hasFailure && $0.silence <= 3 && $0.part == .head && $0.report.invoker == nil }
        let report = index.map { open.remove(at: $0) }
        var killed = (report ?? bareReport(at: line)).killed(kill.victim, by: line, kill.message)
        killed.kind = report == nil ? .killWithoutReport : .kill
        // There is no more to such a report.
        killed.isPartial = false
        settle(killed, line, message: kill.message)
    }

    private mutating func complete(_ index: Int, _ kill: KillLine, _ line: LogLine) {
        begin(with: kill, open.remove(at: index), line)
    }

    private mutating func begin(with kill: KillLine, _ report: OpenReport, _ line: LogLine) {
        var killed = report.killed(kill.victim, by: line, kill.message)
        // The kernel prints every kill, but not every report; where the log begins with a kill nobody knows.
        if killed.kind == .killWithoutReport, isStartOfLog(line), kill.victim.memory.total != nil { killed.isPartial = true }
        settle(killed, line, message: kill.message, isWholeGroup: report.isWholeGroup)
    }

    /// Nothing of the kernel's stands before this line.
    private func isStartOfLog(_ line: LogLine) -> Bool {
        linesBefore == 0 && (line.transport == .kmsg || line.transport == .json || line.number <= 2)
    }

    mutating func settle(_ report: OOMReport, _ line: LogLine, message: KillMessage?, isWholeGroup: Bool = false) {
        recent = RecentKill(report, by: line, message: message, isWholeGroup: isWholeGroup)
        ready.append(report)
    }

    private mutating func beginGroup(_ line: LogLine) {
        let index = openReport(.kill, line)
        open[index].isWholeGroup = true
    }

    /// The victim that was taken for one of the last group was the first of another, whose report was not printed.
    private mutating func split(_ last: RecentKill, _ victim: RecentKill.Member) {
        var last = last
        let rest = last.withoutLast(victim)
        let report = bareReport(at: victim.line).killed(victim.victim, by: victim.line, last.message)
        ready.append(rest)
        settle(report, victim.line, message: last.message, isWholeGroup: true)
    }
}
