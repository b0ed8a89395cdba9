import Diagnosis
import Kernel

/// What the diagnosis stands on: the claim, the line that it is read from, and its words.
struct EvidenceList {
    private let evidence: [LogEvidence]
    private let style: TextStyle

    init(of diagnosis: OOMDiagnosis, _ style: TextStyle, isWhole: Bool = false) {
        evidence = Array(style.isVerbose || isWhole ? diagnosis.evidence[...] : diagnosis.evidence.prefix(Self.mostOfAScreen))
        self.style = style
    }

    private static let mostOfAScreen = 4

    var lines: [String] {
        guard !evidence.isEmpty else { return [] }
        let places = evidence.map(place)
        let width = min(places.map(\.count).max() ?? 0, 16)
        return [style.heading("EVIDENCE")] + zip(evidence, places).flatMap { lines(of: $0, $1.padded(to: width), width + 4) }
    }

    private func lines(of item: LogEvidence, _ place: String, _ indent: Int) -> [String] {
        let claim = style.wrap(item.claim.printable, indent: indent, first: "  \(place)  ")
        guard !item.quote.isEmpty, item.quote != item.claim else { return claim }
        let quote = item.quote.printable
        let shown =
            style.isVerbose
            ? Paragraph.lines(of: quote, width: style.width, indent: indent)
            : Paragraph.lines(of: quote, atMost: 1, style: style, indent: indent)
        return claim + shown.map { style.paint($0, .faint) }
    }

    private func place(_ item: LogEvidence) -> String {
        item.line.map { "\(style.isLive ? "record" : "line") \($0)" } ?? item.source?.printable ?? ""
    }
}
