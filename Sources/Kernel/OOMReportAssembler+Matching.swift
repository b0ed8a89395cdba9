// Which of the open reports a line belongs to. The kernel's oom_lock keeps reports apart, so nearly always there is one.

extension OOMReportAssembler {
    /// A new report; the oldest is given up for it if there are too many.
    mutating func openReport(_ record: KernelLogRecord) -> Int {
        if open.count >= max(limits.reports, 1), let event = lastWord(of: open.removeFirst()) { lastWords.append(event) }
        open.append(OpenReport(from: record))
        return open.endIndex - 1
    }

    func isFresh(_ report: OpenReport, at record: KernelLogRecord) -> Bool {
        !report.lastTime.isOlder(than: limits.group, at: record.time)
    }

    func isOfSameCaller(_ report: OpenReport, _ record: KernelLogRecord) -> Bool {
        report.caller == nil || record.caller == nil || report.caller == record.caller
    }

    /// The one whose asker was chosen himself, else the first that began of those that are being printed, else the last.
    func indexOfReport(lackingSummary text: [UInt8], _ record: KernelLogRecord) -> Int? {
        let lacking = open.indices.filter {
            open[$0].header != nil && open[$0].summaryText == nil && isOfSameCaller(open[$0], record)
        }
        let chosen = OOMSummary(text)?.processID
        return lacking.first { chosen != nil && open[$0].invoker == chosen }
            ?? lacking.first { isFresh(open[$0], at: record) } ?? lacking.last
    }

    /// The report that names the victim, or (5.0) whose victim may be a child of the one that it names.
    func indexOfReport(naming kill: KillLine) -> Int? {
        let victim = kill.victim.processID
        return open.lastIndex { !$0.isSpared && $0.summary?.processID == victim }
            ?? open.lastIndex { $0.choice?.processID == victim }
            ?? open.lastIndex { kill.message == nil && $0.choice != nil }
    }

    /// The report that waits for just such a kill, though it names another thread of the victim or nobody at all.
    func indexOfReport(awaiting kill: KillLine) -> Int? {
        open.lastIndex { $0.isWholeGroup }
            ?? open.lastIndex { report in
                guard let summary = report.summary, !report.isSpared, !report.isTornAfterSummary else { return false }
                return report.silence <= 8 && (kill.message.map { ($0 == .memcg) == (summary.limitCgroup != nil) } ?? true)
            }
            ?? open.lastIndex { $0.header != nil && $0.summary == nil && !$0.isSpared }
    }
}
