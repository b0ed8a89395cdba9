public import Diagnosis
public import Kernel

/// A report and its diagnosis for a person at a terminal: why, on what evidence, and what to do, on one screen.
///
/// Every word of the log goes through `printable`: a process may have chosen its name to steer the terminal.
public struct Explanation: Sendable {
    let report: OOMReport
    let diagnosis: OOMDiagnosis
    let style: TextStyle

    public init(of report: OOMReport, _ diagnosis: OOMDiagnosis, style: TextStyle) {
        self.report = report
        self.diagnosis = diagnosis
        self.style = style
    }

    public var text: String {
        var sections = [head, ZonePicture(of: diagnosis, style).lines, CgroupPicture(of: report, style).lines]
        sections += [FillingPicture(of: diagnosis, style).lines, EvidenceList(of: diagnosis, style).lines]
        sections += [ProcessPicture(of: report, style).lines, RemedyList(of: diagnosis, style).lines]
        if style.isVerbose { sections.append(WholeReport(of: report, style).lines) }
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// Where it stands, the paragraph, and the cause in the word that programs know it by.
    private var head: [String] {
        let place = style.wrap(origin, as: .faint)
        let words = diagnosis.summary.printable
        var paragraph = Paragraph.lines(of: words, width: style.width)
        if let first = paragraph.first { paragraph[0] = emphasized(first) }
        let scope = report.scope == .unknown ? [] : [report.scope.rawValue]
        let verdict = [diagnosis.cause.rawValue, diagnosis.confidence.rawValue] + scope
        return place + paragraph + [style.paint(verdict.joined(separator: style.glyphs.dot), .accent)]
    }

    /// `postgres (4711) was killed because` is what the eye looks for.
    private func emphasized(_ line: String) -> String {
        if let end = line.firstRange(of: "; the log") {
            return style.paint(String(line[..<end.lowerBound]), .strong) + line[end.lowerBound...]
        }
        guard let because = line.firstRange(of: "because") else { return style.paint(line, .strong) }
        return style.paint(String(line[..<because.upperBound]), .strong) + line[because.upperBound...]
    }

    private var origin: String {
        let lines = report.lines
        let unit = style.isLive && report.transport == .kmsg ? "record" : "line"
        let range = lines.count == 1 ? "\(unit) \(lines.lowerBound)" : "\(unit)s \(lines.lowerBound)-\(lines.upperBound)"
        let kind = report.kind.rawValue.replacing("_", with: " ") + (report.isPartial ? " (a part of the report)" : "")
        let when = report.wallClock?.text ?? report.time.map { "\($0.microseconds / 1_000_000) s after boot" }
        return [kind, report.release.map { "Linux " + $0 }, "\(report.transport.rawValue) \(range)", when]
            .compactMap { $0?.printable }.joined(separator: style.glyphs.dot)
    }
}
