import Diagnosis
import Kernel

/// The zones against the request: a bar each, what must stay in it, and what is left.
///
///     ✗ Normal   ▓▓▓▓▓▓▓        │           1340     3756          0     −2416
struct ZonePicture {
    private let zones: [ZoneVerdict]
    private let style: TextStyle

    init(of diagnosis: OOMDiagnosis, _ style: TextStyle) {
        zones = diagnosis.zones.filter { $0.free.count > 0 || ($0.managed ?? $0.min ?? .zero).count > 0 }
        self.style = style
    }

    var lines: [String] {
        guard !zones.isEmpty else { return [] }
        let rows = zones.map { Row($0, showsNode: isNUMA, style) }
        let titles = ["FREE", "MIN", "PROTECTED", "LEFT"]
        let widths = titles.indices.map { column in (rows.map { $0.numbers[column].count } + [titles[column].count]).max() ?? 0 }
        let name = (rows.map(\.name.count) + [4]).max() ?? 4
        let bar = max(style.width - name - 5 - widths.reduce(0) { $0 + $1 + 2 }, 8)
        let title =
            "ZONES".padded(to: name + bar + 5)
            + titles.indices.map { "  " + titles[$0].aligned(to: widths[$0]) }.joined()
        return [style.heading("ZONES") + style.paint(" (kB)" + title.dropFirst(10), .faint)]
            + rows.map { $0.line(name: name, bar: bar, widths: widths) } + legend
    }

    private var isNUMA: Bool { Set(zones.compactMap(\.node)).count > 1 }

    private var legend: [String] {
        let glyphs = style.glyphs
        var words = ["\(glyphs.belowMin) min"]
        if zones.contains(where: { ($0.protection?.count ?? 0) > 0 }) { words.append("\(glyphs.protected) protected") }
        words += ["\(glyphs.usable) free to use", "\(glyphs.mark) what must stay"]
        if zones.contains(where: { $0.isAllowed == false }) { words.append("\(glyphs.notAllowed) closed to this request") }
        let derived = "* derived from the totals: this kernel does not print the zone"
        return style.wrap(words.joined(separator: "  "), as: .faint, indent: 2)
            + (zones.contains(where: \.isDerived) ? style.wrap(derived, as: .faint, indent: 2) : [])
    }

    /// One zone.
    private struct Row {
        let name: String
        let numbers: [String]
        private let verdict: ZoneVerdict
        private let need: ZoneNeed
        private let style: TextStyle

        init(_ verdict: ZoneVerdict, showsNode: Bool, _ style: TextStyle) {
            let node = showsNode ? verdict.node.map { "\($0)/" } ?? "" : ""
            name = node + verdict.name.printable + (verdict.isDerived ? "*" : "")
            need = ZoneNeed(of: verdict)
            self.verdict = verdict
            self.style = style
            let knows = verdict.min != nil
            numbers = [
                Self.kB(verdict.free, style), knows ? Self.kB(need.min, style) : "-",
                verdict.protection.map { Self.kB($0, style) } ?? "-", knows ? Self.kB(need.left, style) : "-",
            ]
        }

        func line(name width: Int, bar: Int, widths: [Int]) -> String {
            let picture = Bar(of: need, width: bar, glyphs: style.glyphs).text
            let cells = numbers.indices.map { "  " + numbers[$0].aligned(to: widths[$0]) }.joined()
            return style.paint("\(sign) \(name.padded(to: width))", ink) + "  " + style.paint(picture, ink) + " " + cells
        }

        private var sign: String {
            switch (verdict.isAllowed, verdict.canServe) {
            case (false?, _): style.glyphs.notAllowed
            case (_, true?): style.glyphs.yes
            case (_, false?): style.glyphs.no
            default: " "
            }
        }

        private var ink: TextStyle.Ink {
            if verdict.isAllowed == false { return .faint }
            return verdict.canServe == false ? .bad : verdict.canServe == true ? .good : .warning
        }

        private static func kB(_ bytes: Bytes, _ style: TextStyle) -> String {
            (bytes.count < 0 ? style.glyphs.minus : "") + String(bytes.kibibytes.magnitude)
        }
    }
}

extension ZoneNeed {
    init(of verdict: ZoneVerdict) {
        free = verdict.free
        min = verdict.min ?? .zero
        protection = verdict.isAllowed == false ? .zero : verdict.protection ?? .zero
        others = verdict.isAllowed == false ? .zero : verdict.usable.map { verdict.free - $0 } ?? .zero
    }
}
