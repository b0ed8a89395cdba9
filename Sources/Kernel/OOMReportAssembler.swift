/// Records of the kernel's log in, kills out; other lines may stand between those of a report, and two reports at once.
///
/// It wants every record of the log in order, those of user space too: a gap in the sequence is a loss, and a report with
/// a loss in it is partial. An event comes out with its first kill line, and again, with the same id, when another victim
/// of the same group dies. Kernel: mm/oom_kill.c, `oom_kill_process()`.
public struct OOMReportAssembler: Sendable {
    let origin: String
    let limits: Limits
    var open: [OpenReport] = []
    var recent: RecentKill?
    /// What reports that were given up had to tell.
    var lastWords: [OOMEvent] = []
    private var expected: UInt64?

    /// `origin` is what makes a sequence number unique: the boot's id.
    public init(origin: String, limits: Limits = Limits()) {
        self.origin = origin
        self.limits = limits
    }

    /// How much of an unfinished report is waited for.
    public struct Limits: Sendable {
        /// Of the kernel, since the report began. A table of tasks may have 100,000 rows.
        public var records = 300_000
        public var reports = 8
        /// Of one line that is put together from pieces; it may hold two paths of 4096.
        public var lineBytes = 16_384
        /// Without a line of the report. A slow serial console stretches what is printed at once over seconds.
        public var silence = TimeSinceBoot(seconds: 30)
        /// Between two victims of one group.
        public var group = TimeSinceBoot(seconds: 2)

        public init() {}
    }
}

extension OOMReportAssembler {
    /// Something may be missing that only time tells from something that never comes.
    public var isWaiting: Bool { !open.isEmpty }

    /// The events that `record` completes or adds to; nearly always none.
    public mutating func add(_ record: KernelLogRecord) -> [OOMEvent] {
        noteGap(before: record)
        guard record.isFromKernel else { return [] }
        if !open.isEmpty { closeOverdue(at: record.time) }
        for index in open.indices { open[index].age() }
        let text = record.text
        var events: [OOMEvent] = []
        if let line = ReportLine(text) {
            events = take(line, of: record, text)
        } else if record.isContinuation || OOMSummary.continues(text) {
            join(text, of: record)
        }
        return takeLastWords() + events
    }

    /// Nothing has come for `limits.silence`: what is open is given up.
    public mutating func expire() -> [OOMEvent] {
        close { _ in true }
        return takeLastWords()
    }

    /// The log ends here, perhaps in the middle of a report.
    public mutating func finish() -> [OOMEvent] {
        for index in open.indices { open[index].tear() }
        return expire()
    }

    private mutating func noteGap(before record: KernelLogRecord) {
        defer { expected = record.sequence &+ 1 }
        guard let expected, expected != record.sequence else { return }
        for index in open.indices { open[index].tear() }
        recent?.tear()
    }

    private mutating func closeOverdue(at time: TimeSinceBoot) {
        let limits = limits
        close { $0.lastTime.isOlder(than: limits.silence, at: time) || $0.records > limits.records }
    }

    private mutating func close(where isOver: (OpenReport) -> Bool) {
        lastWords += open.filter(isOver).compactMap(lastWord)
        open.removeAll(where: isOver)
    }

    private mutating func takeLastWords() -> [OOMEvent] {
        defer { lastWords = [] }
        return lastWords
    }
}

extension OOMReportAssembler {
    private mutating func take(_ line: ReportLine, of record: KernelLogRecord, _ text: [UInt8]) -> [OOMEvent] {
        switch line {
        case .header(let header): begin(header, text, record)
        case .processor(let processor): take(processor, record)
        case .taskRow: takeRow(record)
        case .summary: takeSummary(text, record)
        case .choice(let choice): take(choice, record)
        case .spared(let spared): take(spared, record)
        case .nobodyToKill: if let last = open.lastIndex(where: { $0.summary == nil }) { open.remove(at: last) }
        case .kill(let kill): return take(kill, record)
        case .wholeGroup: return takeWholeGroup(record)
        }
        return []
    }

    private mutating func begin(_ header: OOMReportHeader, _ text: [UInt8], _ record: KernelLogRecord) {
        // The kernel holds its oom_lock while the victims of a group are killed, so the next header is past them.
        recent?.isOver = true
        let index = openReport(record)
        open[index].begin(header, text)
    }

    private mutating func take(_ processor: ProcessorLine, _ record: KernelLogRecord) {
        let index = open.lastIndex { report in
            guard let comm = report.header?.comm, report.invoker == nil else { return false }
            return processor.isAbout(comm)
        }
        guard let index else { return }
        open[index].set(processor)
        open[index].touch(record)
    }

    private mutating func takeRow(_ record: KernelLogRecord) {
        for index in open.indices where open[index].summaryText == nil {
            if index == open.endIndex - 1 || isFresh(open[index], at: record) { open[index].touch(record) }
        }
    }

    private mutating func takeSummary(_ text: [UInt8], _ record: KernelLogRecord) {
        let index = indexOfReport(lackingSummary: text, record) ?? openReport(record)
        open[index].set(summary: text)
        open[index].touch(record)
    }

    private mutating func take(_ choice: KillChoiceLine, _ record: KernelLogRecord) {
        let chosen = open.lastIndex { $0.summary?.processID == choice.processID }
        let index = chosen ?? open.lastIndex { $0.header != nil && $0.summary == nil } ?? openReport(record)
        open[index].set(choice)
        open[index].touch(record)
    }

    private mutating func take(_ spared: SparedLine, _ record: KernelLogRecord) {
        if let index = open.lastIndex(where: { $0.summary?.processID == spared.processID }) {
            open[index].isSpared = true
            open[index].touch(record)
        } else if recent?.spare(at: record, limits) != true {
            let index = openReport(record)
            open[index].isSpared = true
        }
    }

    private mutating func join(_ piece: [UInt8], of record: KernelLogRecord) {
        for index in open.indices.reversed() where isOfSameCaller(open[index], record) {
            guard open[index].append(piece, limit: limits.lineBytes) else { continue }
            open[index].touch(record)
            return
        }
    }
}
