/// A report with the lines of the log that it was read from: these are what is kept of it.
public struct EvidencedReport: Hashable, Sendable {
    public let report: OOMReport
    public let evidence: [LogLine]
}

/// An assembler that gives each report with its lines.
public struct EvidenceAssembler: Sendable {
    var assembler: OOMReportAssembler
    private var window: EvidenceWindow
    /// Of the last report: a later victim of its group comes when its head has been forgotten.
    private var last: EvidencedReport?

    public init(limits: OOMReportAssembler.Limits = OOMReportAssembler.Limits(), window: EvidenceWindow = EvidenceWindow()) {
        assembler = OOMReportAssembler(limits: limits)
        self.window = window
    }
}

extension EvidenceAssembler {
    /// Something may be missing that only time tells from something that never comes.
    public var isWaiting: Bool { assembler.isWaiting }

    /// Lines by which the kernel told a kill, repeated ones too.
    public var killLines: Int { assembler.killLines }

    public mutating func add(_ line: LogLine) -> [EvidencedReport] {
        window.add(line)
        return evidenced(assembler.add(line))
    }

    /// A record of the kernel's ring.
    public mutating func add(_ record: KernelLogRecord) -> [EvidencedReport] {
        if record.isFromKernel { record.logLines.forEach { window.add($0) } }
        return evidenced(assembler.add(record))
    }

    /// Nothing has come for `limits.silence`: what is open is given up.
    public mutating func expire() -> [EvidencedReport] { evidenced(assembler.expire()) }

    /// The log ends here, perhaps in the middle of a report.
    public mutating func finish() -> [EvidencedReport] { evidenced(assembler.finish()) }

    private mutating func evidenced(_ reports: [OOMReport]) -> [EvidencedReport] {
        defer { window.forget(before: assembler.open.map(\.report.lines.lowerBound).min()) }
        guard !reports.isEmpty else { return [] }
        return reports.map { report in
            var lines = window.lines(report.lines)
            if let last, last.report.anchor == report.anchor, let first = lines.first?.number {
                lines = last.evidence.filter { $0.number < first && report.lines.contains($0.number) } + lines
            }
            let evidenced = EvidencedReport(report: report, evidence: lines)
            last = evidenced
            return evidenced
        }
    }
}

extension OOMReport {
    /// The report that the kept lines of one tell; nil where there is none in them.
    ///
    /// - Parameter anchor: of the report that the lines were kept of.
    public init?(of evidence: [LogLine], anchor: Int?) {
        var assembler = OOMReportAssembler()
        let found = evidence.flatMap { assembler.add($0) } + assembler.finish()
        guard let report = found.last(where: { $0.anchor == anchor }) ?? found.last(where: { !$0.victims.isEmpty }) ?? found.last
        else { return nil }
        self = report
    }
}
