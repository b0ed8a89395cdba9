/// The last report that came out, as long as more of the log may belong to it: victims of its group (memory.oom.group),
/// the panic for want of a victim, the same line once more.
struct RecentKill: Sendable {
    private(set) var report: OOMReport
    let message: KillMessage?
    var isWholeGroup: Bool { didSet { report.isWholeGroup = report.isWholeGroup || isWholeGroup } }
    /// No more of it will come.
    var isOver = false
    /// A task that had ended already was skipped since the last kill.
    private(set) var isSpared = false
    private(set) var latest = Latest.first
    private(set) var last: LogLine
    /// Lines of the kernel since `last`.
    private var silence = 0
    /// The line that told of the group.
    private var groupLine: LogLine?

    enum Latest: Sendable {
        case first
        case member(Member)
        case repeated
    }

    struct Member: Sendable {
        let victim: Victim
        let line: LogLine
        /// The last line of the report without it.
        let previous: Int
    }

    init(_ report: OOMReport, by line: LogLine, message: KillMessage?, isWholeGroup: Bool = false) {
        self.report = report
        self.message = message
        self.isWholeGroup = isWholeGroup
        last = line
    }
}

extension RecentKill {
    mutating func age() { silence += 1 }

    /// What follows may still be its.
    var isFresh: Bool { !isOver && silence < 64 }

    var isPanic: Bool { isFresh && report.refusal == .panic }

    mutating func becomeWholeGroup(_ line: LogLine) {
        isWholeGroup = true
        groupLine = line
    }

    /// The report with the new victim; nil if `kill` is none of this group. A victim may be printed once more.
    mutating func add(_ kill: KillLine, _ line: LogLine, _ limits: OOMReportAssembler.Limits) -> OOMReport? {
        guard isWholeGroup, takes(kill.message, line, limits) else { return nil }
        if report.victims.contains(where: { $0.processID == kill.victim.processID }) {
            latest = .repeated
        } else {
            latest = .member(Member(victim: kill.victim, line: line, previous: report.lines.upperBound))
            report.victims.append(kill.victim)
        }
        isSpared = false
        extend(to: line)
        return report
    }

    /// 2.4 to 2.6.15 print a line for every process with the victim's memory, at once.
    mutating func addSharer(_ kill: KillLine, _ line: LogLine) -> OOMReport? {
        guard report.kind == .kill, kill.victim.memory.total == nil, kill.message != nil, kill.message == message, !isOver,
            line.number == last.number + 1, kill.victim.comm == report.victims.first?.comm,
            !report.victims.contains(where: { $0.processID == kill.victim.processID })
        else { return nil }
        report.victims.append(kill.victim)
        extend(to: line)
        return report
    }

    /// False if the task that was spared has nothing to do with this report.
    mutating func spare(at line: LogLine, _ limits: OOMReportAssembler.Limits) -> Bool {
        guard takes(message, line, limits), isWholeGroup || (isBareOfGroup && silence <= 3) else { return false }
        isSpared = true
        last = line
        return true
    }

    /// The panic that follows where nobody could be killed.
    mutating func panic(_ line: LogLine) -> OOMReport? {
        guard report.kind == .noKill, report.refusal == .nobodyToKill, !isOver else { return nil }
        report.refusal = .panic
        report.quotes.remark = QuotedLine(number: line.number, bytes: line.text)
        extend(to: line)
        return report
    }

    /// Red Hat's words behind a kill; nil where they are told already or no kill was just before.
    mutating func hint(_ line: LogLine) -> OOMReport? {
        guard isFresh, !report.victims.isEmpty, report.quotes.remark == nil else { return nil }
        report.quotes.remark = QuotedLine(number: line.number, bytes: line.text)
        extend(to: line)
        return report
    }

    /// Lines were lost: victims of the group may have been among them.
    mutating func tear() {
        if isWholeGroup, !isOver, report.kind == .kill { report.isPartial = true }
    }

    /// Another report has begun with what was taken for the last victim of this one.
    mutating func withoutLast(_ member: Member) -> OOMReport {
        report.victims.removeLast()
        report.lines = report.lines.lowerBound...max(member.previous, report.lines.lowerBound)
        return report
    }

    /// Kills of a group whose head was lost are told one by one.
    private var isBareOfGroup: Bool { report.kind == .killWithoutReport && message == .memcg }

    private mutating func extend(to line: LogLine) {
        report.lines = min(report.lines.lowerBound, line.number)...max(report.lines.upperBound, line.number)
        last = line
        silence = 0
    }

    /// Pasted twice: no two records of a machine have one stamp and one text that names a process just killed.
    func isRepeated(_ line: LogLine) -> Bool { isSame(line, last) || groupLine.map { isSame(line, $0) } ?? false }

    private func isSame(_ line: LogLine, _ other: LogLine) -> Bool {
        line.time != nil && line.time == other.time && line.text == other.text && line.number != other.number
    }

    private func takes(_ message: KillMessage?, _ line: LogLine, _ limits: OOMReportAssembler.Limits) -> Bool {
        !isOver && message == self.message && !last.isOlder(than: limits.group, at: line)
    }
}

extension LogLine {
    /// True if `later` was written more than `span` after this; false where a stamp is missing.
    func isOlder(than span: TimeSinceBoot, at later: LogLine) -> Bool {
        guard let time, let other = later.time else { return false }
        return time.isOlder(than: span, at: other)
    }
}
