/// Lines of the kernel's log in, reports out, of any kernel from 2.4 on; other lines may stand between those of a report,
/// and two reports at once.
///
/// It wants every line of the log in order, those of user space too: in the kernel's ring a gap in the sequence is a loss,
/// and a report with a loss in it is partial. A report comes out with its first kill line, and again, with the same
/// `anchor`, when more is known: another victim of the same group, a panic.
/// Kernel: mm/oom_kill.c, `oom_kill_process()`; mm/page_alloc.c, `warn_alloc()`.
public struct OOMReportAssembler: Sendable {
    let limits: Limits
    var open: [OpenReport] = []
    var recent: RecentKill?
    /// What comes out next.
    var ready: [OOMReport] = []
    /// Lines by which the kernel told a kill, repeated ones too: just as often did it count one in vmstat's `oom_kill`.
    public internal(set) var killLines = 0
    /// Lines of the kernel before this one; not counted far.
    private(set) var linesBefore = 0
    /// A trace's head that may be all that is left of a report's.
    var stray: Stray?
    /// A lock-up, a stall or a bug was just told, and its trace follows.
    var alarm: Alarm?
    /// From `Linux version`, for reports whose own lines do not tell.
    var release: String?
    /// SysRq f or m was asked for a few lines before.
    var request: SysRqRequest?
    /// A report was too long, and its table goes on.
    var isOverflowing = false
    /// Lines of any program since the last one that mattered.
    private var quiet = 0
    private var expected: UInt64?

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// How much of an unfinished report is waited for.
    public struct Limits: Sendable {
        /// Lines of the kernel since the report began. A table of tasks may have 100,000 rows.
        public var records = 300_000
        public var reports = 8
        /// Of one line that is put together from pieces; it may hold two paths of 4096.
        public var lineBytes = 16_384
        /// Of the lines that are kept of one report, the table of tasks apart.
        public var reportBytes = 1_000_000
        /// Rows kept of a table of tasks, those with the most memory; twice as many while it is being read.
        public var tasks = 2_000
        public var slabs = 2_000
        /// Of one cgroup; the kernel has some fifty.
        public var statistics = 256
        public var zones = 4_000
        /// Without a line of the report. A slow serial console stretches what is printed at once over seconds.
        public var silence = TimeSinceBoot(seconds: 30)
        /// The same where lines have no stamp: lines of others.
        public var foreignLines = 400
        /// Lines of any program without one of a report: behind them the next report announces itself.
        public var quietLines = 256
        /// The same within a report: other programs' lines stand between its own.
        public var quietLinesWithin = 2_000
        /// Between two victims of one group.
        public var group = TimeSinceBoot(seconds: 2)

        public init() {}
    }
}

extension OOMReportAssembler {
    /// Something may be missing that only time tells from something that never comes.
    public var isWaiting: Bool { !open.isEmpty }

    /// What comes out from now on stands at this line of the log or behind it.
    var earliest: Int? {
        let unfinished = open.map(\.report.lines.lowerBound).min()
        guard let last = recent, !last.isOver else { return unfinished }
        return min(unfinished ?? last.report.lines.lowerBound, last.report.lines.lowerBound)
    }

    /// Any line may matter now: something is open, or the trace may be a report's.
    ///
    /// It ends with the lines of other programs too: of those there may be millions before the kernel's next.
    var isAttentive: Bool {
        if !open.isEmpty { return quiet < limits.quietLinesWithin }
        return quiet < limits.quietLines && (recent?.isFresh ?? false || stray?.isFresh ?? false || request?.isFresh ?? false)
    }

    /// The reports that `line` completes or adds to; nearly always none.
    public mutating func add(_ line: LogLine) -> [OOMReport] {
        quiet &+= 1
        guard line.isFromKernel else { return takeUserspace(line) }
        defer { if matters(line) { quiet = 0 } }
        if !open.isEmpty {
            closeOverdue(at: line)
            for index in open.indices { open[index].age() }
        }
        if open.indices.contains(where: { open[$0].pieces != nil }), note(line, isFirstPiece: false) { return takeReady() }
        recent?.age()
        alarm?.age()
        if let known = ReportLine(line.text, at: place) {
            take(known, line)
        } else {
            takeUnknown(line)
        }
        if linesBefore < 1000 { linesBefore += 1 }
        return takeReady()
    }

    /// A record of the kernel's ring. A name may hold a newline; Mem-Info and the statistics of a cgroup are many lines.
    public mutating func add(_ record: KernelLogRecord) -> [OOMReport] {
        noteGap(before: record)
        guard record.isFromKernel else { return [] }
        let lines = record.logLines
        return lines.count == 1 ? add(lines[0]) : lines.flatMap { add($0) }
    }

    /// Nothing has come for `limits.silence`: what is open is given up.
    public mutating func expire() -> [OOMReport] {
        close(.silence) { _ in true }
        return takeReady()
    }

    /// The log ends here, perhaps in the middle of a report.
    public mutating func finish() -> [OOMReport] {
        close(.silence) { $0.isWholeFailure }
        noteLoss()
        close(.endOfLog) { _ in true }
        recent?.isOver = true
        return takeReady()
    }

    /// Lines are missing here.
    public mutating func noteLoss() {
        for index in open.indices { open[index].tear() }
        recent?.tear()
    }

    /// Something that more may belong to has begun with it, or goes on.
    private func matters(_ line: LogLine) -> Bool {
        open.indices.contains { open[$0].silence == 0 } || recent?.last.number == line.number || stray?.line.number == line.number
            || request?.line.number == line.number
    }

    private var place: ReportLine.Place {
        var place: ReportLine.Place = []
        for index in open.indices {
            if open[index].section == .statistics { place.insert(.statistics) }
            if open[index].section == .slabs { place.insert(.slabs) }
            if open[index].report.quotes.limit != nil, open[index].report.limitCgroup == nil { place.insert(.limit) }
        }
        return place
    }

    private mutating func noteGap(before record: KernelLogRecord) {
        defer { expected = record.sequence &+ 1 }
        if let expected, expected != record.sequence { noteLoss() }
    }

    private mutating func closeOverdue(at line: LogLine) {
        let (limits, quiet) = (limits, quiet)
        isOverflowing = isOverflowing || open.indices.contains { open[$0].isTooLong(limits) }
        close(.silence) { report in
            if report.isTooLong(limits) || (report.isWholeFailure && report.silence > 8) { return true }
            guard let last = report.lastTime, let time = line.time else {
                return report.silence > limits.foreignLines || quiet > limits.quietLinesWithin
            }
            return last.isOlder(than: limits.silence, at: time) || time.isOlder(than: limits.silence, at: last)
        }
    }

    mutating func close(_ reason: OpenReport.Closing, where isOver: (OpenReport) -> Bool) {
        // A report is a large value: it is looked at where it is, for every line.
        guard open.indices.contains(where: { isOver(open[$0]) }) else { return }
        for report in open where isOver(report) {
            if let report = report.lastWord(reason) { ready.append(report) }
        }
        open.removeAll(where: isOver)
    }

    private mutating func takeReady() -> [OOMReport] {
        guard !ready.isEmpty else { return [] }
        defer { ready = [] }
        return ready
    }
}
