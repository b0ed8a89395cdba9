import Diagnosis
import Kernel

/// What to change, in the order of worth; each command on a line of its own, to be copied.
struct RemedyList {
    private let remedies: [Remedy]
    private let style: TextStyle

    init(of diagnosis: OOMDiagnosis, _ style: TextStyle) {
        remedies = diagnosis.remedies
        self.style = style
    }

    var lines: [String] {
        guard !remedies.isEmpty else { return [] }
        let full = style.isVerbose ? remedies.count : 1
        let hint =
            remedies.count > full
            ? style.wrap(style.hint, as: .faint, indent: 4) : []
        return [style.heading("WHAT TO DO")] + remedies.enumerated().flatMap { lines($0, $1, isFull: $0 < full) } + hint
    }

    private func lines(_ index: Int, _ remedy: Remedy, isFull: Bool) -> [String] {
        let number = "\(index + 1). ".aligned(to: 4)
        let title = Paragraph.lines(of: remedy.title.printable, width: style.width, indent: 4, first: number)
            .map { style.paint($0, .strong) }
        let why =
            isFull
            ? style.wrap(remedy.why.printable, indent: 4)
            : [Paragraph.clause(of: remedy.why.printable, style: style, indent: 4)].filter { !$0.isEmpty }
        let command = remedy.command.map { commands(in: $0) } ?? []
        let isTold = !remedy.risk.isEmpty && (isFull || remedy.changesSomething)
        let risk = isTold ? style.wrap("Risk: " + remedy.risk.printable, as: .warning, indent: 4) : []
        return title + why + command + risk
    }

    /// It is never wrapped: half a command is another command.
    private func commands(in text: String) -> [String] {
        text.split(separator: "\n").map { "      " + style.paint(String($0).printable, .good) }
    }
}

extension Remedy {
    /// Its command may be pasted from the first screen, so that the risk must be there.
    fileprivate var changesSomething: Bool { command != nil && !risk.hasPrefix("none") }
}
