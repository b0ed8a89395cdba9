/// A line that a report is made of.
enum ReportLine: Hashable, Sendable {
    case header(OOMReportHeader)
    case failure(AllocationFailureLine)
    case processor(ProcessorLine)
    case cgroup(MemcgLine)
    case memory(MemInfoLine)
    case slab(SlabLine)
    case tasks(TaskColumns)
    /// What it says depends on the columns of its table.
    case taskRow
    /// The line of the choice, as far as it has come.
    case summary([UInt8])
    case choice(KillChoiceLine)
    case kill(KillLine)
    case spared(SparedLine)
    /// `Tasks in /box are going to be killed due to memory.oom.group set`; since 4.19. One kill line per task follows.
    case wholeGroup
    case remark(RemarkLine)
    /// `sysrq: Show Memory`: a Mem-Info follows that is nobody's failure.
    case showMemory
    /// The asker's cpuset; of a page allocation failure too.
    case cpuset(CpusetLine)
    /// `Linux version 6.1.0-…`: the machine was started again.
    case boot

    /// What may be said by anybody, and is a report's only at its place in one.
    struct Place: OptionSet {
        let rawValue: Int

        static let statistics = Place(rawValue: 1)
        static let slabs = Place(rawValue: 2)
        /// Behind the first half of `Task in /a` ` killed as a result of limit of /b`.
        static let limit = Place(rawValue: 4)
    }

    /// Nil for most of the log; that has to be found out quickly.
    init?(_ text: [UInt8], at place: Place = []) {
        // Before all else: the name that it begins with may be the beginning of any other line.
        if let header = OOMReportHeader(text) {
            self = .header(header)
        } else if let failure = AllocationFailureLine(text) {
            self = .failure(failure)
        } else {
            self.init(ReportLine(ending: text) ?? ReportLine(part: text) ?? ReportLine(text, onlyAt: place))
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
        } else if let remark = RemarkLine(text) {
            self = .remark(remark)
        } else if SysRqRequest.isShowMemory(text) {
            self = .showMemory
        } else {
            return nil
        }
    }

    private init?(part text: [UInt8]) {
        if OOMSummary.begins(text) {
            self = .summary(text)
        } else if text.starts(with: "Tasks in ") {
            self = .wholeGroup
        } else if let processor = ProcessorLine(text) {
            self = .processor(processor)
        } else if let cgroup = MemcgLine(text) {
            self = .cgroup(cgroup)
        } else if let memory = MemInfoLine(text) {
            self = .memory(memory)
        } else if text.first == UInt8(ascii: "[") {
            self.init(TaskColumns(text).map(ReportLine.tasks) ?? ReportLine(row: text))
        } else if let cpuset = CpusetLine(text) {
            self = .cpuset(cpuset)
        } else if text.starts(with: "Linux version ") {
            self = .boot
        } else if let slab = SlabLine(text), slab.isTitle {
            self = .slab(slab)
        } else {
            return nil
        }
    }

    private init?(_ text: [UInt8], onlyAt place: Place) {
        if place.contains(.slabs), let slab = SlabLine(text) {
            self = .slab(slab)
        } else if place.contains(.statistics), let line = MemcgLine(statistic: text) {
            self = .cgroup(line)
        } else if place.contains(.limit), let line = MemcgLine(limitBehindTask: text) {
            self = .cgroup(line)
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

extension SlabLine {
    var isTitle: Bool { self == .title }
}
