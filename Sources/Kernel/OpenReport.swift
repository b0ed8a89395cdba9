/// A report that has begun and of which no kill is known yet.
struct OpenReport: Sendable {
    /// What is known by now.
    var report: OOMReport
    /// The last part that was printed.
    private(set) var part: ReportPart
    var header: OOMReportHeader?
    /// The header as far as it has come, while a piece is missing.
    var headerText: [UInt8] = []
    private(set) var summaryText: [UInt8]?
    private(set) var summary: OOMSummary?
    private(set) var choice: KillChoiceLine?
    /// The words of the kill, where they came in another line than the kill.
    var message: KillMessage?
    var columns: TaskColumns?
    /// What lines of a form that anything may have belong to.
    var section: Section?
    /// A line of Mem-Info that more pieces may belong to.
    var pieces: (text: [UInt8], number: Int)?
    var signs: TraceSigns = []
    /// `page allocation failure` was read, and not only its trace.
    var hasFailure = false
    var era: GFPEra?
    /// Something of it was read beside its first and its last lines.
    private var hasBody = false
    var swapFree: Bytes?
    var swapTotal: Bytes?
    let caller: String?
    private(set) var lastTime: TimeSinceBoot?
    /// Lines of the kernel since the last one that belongs to it for certain.
    private(set) var silence = 0
    private(set) var records = 0
    /// Bytes that were kept.
    var size = 0
    /// Lines were lost since it began, and since its summary.
    private(set) var isTorn = false
    private(set) var isTornAfterSummary = false
    /// Its victim had ended already. A group may still die for it.
    var isSpared = false
    /// memory.oom.group: whoever dies next dies for it.
    var isWholeGroup = false
    /// SysRq f was asked for just before.
    var isManual = false
    /// SysRq m and its like: Mem-Info that nobody's failure has caused.
    var isOnlyShown = false
    /// Another dump was printed at the same time, and nothing tells which number is whose.
    var isMixed = false

    enum Section { case statistics, slabs }

    init(_ kind: OOMReport.Kind = .kill, at line: LogLine, part: ReportPart = .head) {
        report = OOMReport(kind: kind, at: line)
        self.part = part
        caller = line.caller
        lastTime = line.time
    }
}

/// What the functions of the call trace tell: all that a report says of its kind where it is cut behind the trace.
struct TraceSigns: OptionSet {
    let rawValue: Int

    static let failure = TraceSigns(rawValue: 1)
    static let killer = TraceSigns(rawValue: 2)
    static let memcg = TraceSigns(rawValue: 4)
    static let manual = TraceSigns(rawValue: 8)

    /// Kernel: mm/page_alloc.c, mm/oom_kill.c, mm/memcontrol.c, drivers/tty/sysrq.c.
    init(_ text: [UInt8]) {
        self = []
        if text.first("warn_alloc") != nil { insert(.failure) }
        if text.first("moom_callback") != nil { insert([.manual, .killer]) }
        if text.first("mem_cgroup_out_of_memory") != nil { insert([.memcg, .killer]) }
        if text.first("out_of_memory") != nil || text.first("oom_kill_process") != nil || text.first("dump_header") != nil {
            insert(.killer)
        }
    }

    init(rawValue: Int) { self.rawValue = rawValue }
}

extension OpenReport {
    /// True if there is nothing of a report but the unlimited lines.
    var isBare: Bool { header == nil && summaryText == nil && !hasBody && report.kind != .allocationFailure }

    /// A line that belongs to it.
    mutating func touch(_ line: LogLine) {
        report.lines = min(report.lines.lowerBound, line.number)...max(report.lines.upperBound, line.number)
        lastTime = line.time ?? lastTime
        silence = 0
    }

    mutating func reach(_ part: ReportPart, _ line: LogLine) {
        if part > self.part { self.part = part }
        if part > .head, part < .summary { hasBody = true }
        touch(line)
    }

    /// A line of the kernel that may or may not belong to it.
    mutating func age() {
        silence += 1
        records += 1
    }

    /// A page allocation failure with all that its kernel prints.
    var isWholeFailure: Bool { hasFailure && part == .totals }

    func isTooLong(_ limits: OOMReportAssembler.Limits) -> Bool { records > limits.records || size > limits.reportBytes }

    mutating func tear() {
        isTorn = true
        isTornAfterSummary = isTornAfterSummary || summaryText != nil
    }

    mutating func set(_ choice: KillChoiceLine, _ line: LogLine) {
        self.choice = choice
        message = choice.message
        report.chosen = OOMReport.Chosen(processID: choice.processID, comm: choice.comm, score: choice.score)
        report.quotes.choice = QuotedLine(number: line.number, bytes: line.text)
        reach(.choice, line)
    }

    mutating func set(summary text: [UInt8], number: Int) {
        summaryText = text
        report.quotes.summary = QuotedLine(number: number, bytes: text)
        // The end of a group's name may look like the end of the line, so a later piece may still change it.
        if let longer = OOMSummary(text) { set(longer) }
    }

    mutating func set(_ summary: OOMSummary) {
        self.summary = summary
        report.constraint = summary.constraint
        report.nodeMask = summary.nodeMask ?? report.nodeMask
        report.limitCgroup = summary.limitCgroup
        report.victimCgroup = summary.taskCgroup
    }

    /// The next piece of a line that other lines have cut in two. False if it is no piece of this report.
    mutating func append(_ piece: [UInt8], limit: Int) -> Bool {
        if let text = summaryText {
            guard text.count + piece.count <= limit else { return false }
            set(summary: text + piece, number: report.quotes.summary?.number ?? report.lines.upperBound)
            return true
        }
        guard let header, !header.isComplete, headerText.count + piece.count <= limit else { return false }
        headerText += piece
        guard let longer = OOMReportHeader(headerText) else { return false }
        begin(longer, headerText)
        return true
    }
}
