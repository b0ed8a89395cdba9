import Diagnosis
import Kernel

/// What the memory was full of, largest first.
struct FillingPicture {
    private let fillings: [Filling]
    private let style: TextStyle

    init(of diagnosis: OOMDiagnosis, _ style: TextStyle) {
        fillings = Array(style.isVerbose ? diagnosis.filledBy[...] : diagnosis.filledBy.prefix(5))
        self.style = style
    }

    var lines: [String] {
        guard !fillings.isEmpty else { return [] }
        let name = fillings.map(\.what.count).max() ?? 0
        let bytes = fillings.map(\.bytes.human.count).max() ?? 0
        let bar = max(min(style.width - name - bytes - 13, 48), 8)
        return [style.heading("FILLED BY")]
            + fillings.map { filling in
                let share = Bytes(min(max(filling.thousandths, filling.bytes.count > 0 ? 1 : 0), 1000))
                let picture = Bar(share, of: Bytes(1000), width: bar, glyphs: style.glyphs).text
                let words = filling.what.replacing("_", with: " ").printable
                return "  \(words.padded(to: name))  \(style.paint(picture, .warning)) \(filling.bytes.human.aligned(to: bytes))"
                    + "  \(percent(filling).aligned(to: 5))"
            }
    }

    private func percent(_ filling: Filling) -> String {
        filling.thousandths < 10 && filling.bytes.count > 0 ? "< 1 %" : "\(filling.thousandths / 10) %"
    }
}
