/// A record that a report is made of.
enum ReportLine: Hashable, Sendable {
    case header(OOMReportHeader)
    case processor(ProcessorLine)
    /// The line of the choice, as far as it has come.
    case summary([UInt8])
    case choice(KillChoiceLine)
    case kill(KillLine)
    case spared(SparedLine)
    /// `Tasks in /box are going to be killed due to memory.oom.group set`; since 4.19. One kill line per task follows.
    case wholeGroup
    /// `Out of memory and no killable processes...`
    case nobodyToKill
    /// A row of the table of tasks: the report goes on.
    case taskRow

    /// Nil for most of the log; that has to be found out quickly.
    init?(_ text: [UInt8]) {
        // Before all else: the name that it begins with may be the beginning of any other line.
        if let header = OOMReportHeader(text) {
            self = .header(header)
            return
        }
        switch text.first {
        case UInt8(ascii: "["): self.init(row: text)
        case UInt8(ascii: "C"): self.init(ProcessorLine(text).map(ReportLine.processor))
        case UInt8(ascii: "o"): self.init(OOMSummary.begins(text) ? .summary(text) : nil)
        case UInt8(ascii: "T"): self.init(text.starts(with: "Tasks in ") ? .wholeGroup : nil)
        case UInt8(ascii: "K"): self.init(KillLine(text).map(ReportLine.kill))
        case UInt8(ascii: "O"), UInt8(ascii: "M"): self.init(ending: text)
        default: return nil
        }
    }

    private init?(_ line: ReportLine?) {
        guard let line else { return nil }
        self = line
    }

    private init?(ending text: [UInt8]) {
        if let kill = KillLine(text) {
            self = .kill(kill)
        } else if let choice = KillChoiceLine(text) {
            self = .choice(choice)
        } else if let spared = SparedLine(text) {
            self = .spared(spared)
        } else if text.starts(with: "Out of memory and no killable processes") {
            self = .nobodyToKill
        } else {
            return nil
        }
    }

    /// `[    124]     0   124     3418 …`
    private init?(row text: [UInt8]) {
        let digits = text.dropFirst().drop { $0 == UInt8(ascii: " ") }
        let end = text.endOfDigits(from: digits.startIndex)
        guard end > digits.startIndex, text.has("]", at: end) else { return nil }
        self = .taskRow
    }
}
