/// Bytes of any log in, reports out: each once, when nothing can be added to it any more, in the order of the log.
public struct OOMLogParser: Sendable {
    private var reader = LogReader()
    private var reports: OrderedReports

    public init(limits: OOMReportAssembler.Limits = OOMReportAssembler.Limits()) {
        reports = OrderedReports(assembler: OOMReportAssembler(limits: limits))
    }
}

extension OOMLogParser {
    /// The next part of the log, cut anywhere.
    public mutating func add(_ chunk: ArraySlice<UInt8>) -> [OOMReport] {
        var reports = OrderedReports(assembler: OOMReportAssembler())
        swap(&reports, &self.reports)
        reader.read(chunk) { reports.add($0) }
        swap(&reports, &self.reports)
        return self.reports.takeReady()
    }

    /// The log ends here.
    public mutating func finish() -> [OOMReport] {
        var reports = self.reports
        reader.finish { reports.add($0) }
        reports.finish()
        self.reports = reports
        return self.reports.takeReady()
    }

    /// Lines that were looked at; those that cannot matter were not.
    public var linesRead: Int { reports.linesRead }
}

/// Reports in the order of their lines, held back while more may be added to them or to one before them.
private struct OrderedReports: Sendable {
    private(set) var assembler: OOMReportAssembler
    private(set) var linesRead = 0
    private var pending: [OOMReport] = []

    init(assembler: OOMReportAssembler) { self.assembler = assembler }

    /// True if all of the next lines are to be looked at.
    mutating func add(_ line: LogLine) -> Bool {
        linesRead &+= 1
        for report in assembler.add(line) { put(report) }
        return assembler.isAttentive
    }

    mutating func finish() {
        for report in assembler.finish() { put(report) }
    }

    mutating func takeReady() -> [OOMReport] {
        guard !pending.isEmpty else { return [] }
        let earliest = assembler.earliest
        let ready = pending.prefix { report in earliest.map { report.lines.lowerBound < $0 } ?? true }
        pending.removeFirst(ready.count)
        return Array(ready)
    }

    private mutating func put(_ report: OOMReport) {
        if let known = pending.lastIndex(where: { $0.isSame(as: report) }) {
            pending[known] = report
        } else {
            let before = pending.lastIndex { $0.lines.lowerBound <= report.lines.lowerBound }
            pending.insert(report, at: before.map { $0 + 1 } ?? 0)
        }
    }
}

extension OOMReport {
    /// A later state of the same. Pasted together, several lines of one file may have become one with one number. Of a group the
    /// first victim is printed twice, which changes nothing.
    fileprivate func isSame(as other: OOMReport) -> Bool {
        anchor == other.anchor && quotes.kill == other.quotes.kill && (quotes.kill != nil || kind == other.kind)
            && (self != other || isWholeGroup)
    }
}
