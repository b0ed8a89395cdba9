// Which of the open reports a line belongs to. The kernel's oom_lock (since 4.2) keeps kills apart, but a page allocation
// failure on another CPU is printed beside a kill, and before 4.2 two kills may be.

extension OOMReportAssembler {
    /// A new report; the oldest is given up for it if there are too many.
    mutating func openReport(_ kind: OOMReport.Kind, _ line: LogLine, part: ReportPart = .head) -> Int {
        if open.count >= max(limits.reports, 1), let report = open.removeFirst().lastWord(.silence) { ready.append(report) }
        open.append(bareReport(kind, at: line, part: part))
        return open.endIndex - 1
    }

    func bareReport(_ kind: OOMReport.Kind = .kill, at line: LogLine, part: ReportPart = .head) -> OpenReport {
        var report = OpenReport(kind, at: line, part: part)
        report.report.release = release
        return report
    }

    func isFresh(_ report: OpenReport, at line: LogLine) -> Bool {
        guard let last = report.lastTime, let time = line.time else { return true }
        return !last.isOlder(than: limits.group, at: time)
    }

    func isOfSameCaller(_ report: OpenReport, _ line: LogLine) -> Bool {
        report.caller == nil || line.caller == nil || report.caller == line.caller
    }

    /// The report that a line of `part` goes on with: the one of its caller, else the one that is nearest to that part.
    mutating func indexOfReport(at part: ReportPart, _ line: LogLine, where accepts: (OpenReport) -> Bool) -> Int? {
        let able = stillPrinted(
            open.indices.filter { part >= open[$0].part && isOfSameCaller(open[$0], line) && accepts(open[$0]) })
        if let caller = line.caller, let own = able.last(where: { open[$0].caller == caller }) { return own }
        guard let nearest = able.map({ open[$0].part.distance(to: part) }).min() else { return nil }
        let equals = able.filter { open[$0].part.distance(to: part) == nearest }
        let isNumbers = part >= .counters && part <= .totals && nearest == 0
        if isNumbers, equals.count > 1, equals.allSatisfy({ open[$0].silence <= 4 }) {
            for index in equals { open[index].mix() }
        }
        return equals.min { open[$0].silence < open[$1].silence }
    }

    /// Without those that have been silent for much longer than another: their end is lost, for what two processors print at
    /// once is mixed line by line.
    private func stillPrinted(_ able: [Int]) -> [Int] {
        guard able.count > 1, let least = able.map({ open[$0].silence }).min() else { return able }
        return able.filter { open[$0].silence <= least + 40 }
    }

    /// The one whose asker was chosen himself, else the first that began of those that are being printed, else the last.
    func indexOfReport(lackingSummary text: [UInt8], _ line: LogLine) -> Int? {
        let lacking = stillPrinted(
            open.indices.filter { open[$0].isOfKill && open[$0].summaryText == nil && isOfSameCaller(open[$0], line) })
        let chosen = OOMSummary(text)?.processID
        return lacking.first { chosen != nil && open[$0].report.invoker?.processID == chosen }
            ?? lacking.first { isFresh(open[$0], at: line) } ?? lacking.last
    }

    /// The report that names the victim, or (up to 5.0) whose victim may be a child of the one that it names.
    func indexOfReport(naming kill: KillLine) -> Int? {
        let victim = kill.victim.processID
        return open.lastIndex { !$0.isSpared && $0.summary != nil && $0.summary?.processID == victim }
            ?? open.lastIndex { $0.choice != nil && $0.choice?.processID == victim }
            ?? open.lastIndex { kill.message == nil && $0.choice != nil }
    }

    /// The report that waits for just such a kill, though it names another thread of the victim or nobody at all.
    func indexOfReport(awaiting kill: KillLine, _ line: LogLine) -> Int? {
        open.lastIndex { $0.isWholeGroup }
            ?? open.lastIndex { report in
                guard let summary = report.summary, !report.isSpared, !report.isTornAfterSummary else { return false }
                return report.silence <= 8 && (kill.message.map { ($0 == .memcg) == (summary.limitCgroup != nil) } ?? true)
            }
            ?? open.lastIndex { $0.isOfKill && $0.summary == nil && !$0.isSpared && $0.mayEnd(with: kill.message) }
    }
}

extension OpenReport {
    /// A report of the OOM killer, as far as can be seen.
    var isOfKill: Bool { report.kind == .kill && !isBare && !isOnlyShown }

    /// The words of the kill contradict nothing that was printed before.
    func mayEnd(with message: KillMessage?) -> Bool {
        guard let message else { return true }
        return message == .memcg || (report.limitCgroup == nil && !signs.contains(.memcg))
    }
}
