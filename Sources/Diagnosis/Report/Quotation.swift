import Kernel

extension LogEvidence {
    /// A claim on a line of the log; nil where the log has not that line.
    init?(_ claim: String, _ line: QuotedLine?, keys: [String] = []) {
        guard let line else { return nil }
        self.init(claim: claim, line: line.number, quote: line.cut(to: keys))
    }
}

extension QuotedLine {
    /// The words of the line as they stand, cut to its first word (a zone's name, say) and those that begin with one of
    /// `keys`; ` … ` stands for what was left out. The whole line, to a limit, where none of the keys is in it.
    func cut(to keys: [String]) -> String {
        let text = self.text
        guard !keys.isEmpty else { return Self.limited(text) }
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        let first = words.firstIndex { $0.contains(":") } ?? 0
        var kept: [Int] = Array(0..<first)
        for (index, word) in words.enumerated() where index >= first && keys.contains(where: { word.hasPrefix($0) }) {
            kept.append(index)
            // `all_unreclaimable? yes` and `lowmem_reserve[]: 0 0 880` are more than one word.
            if word.hasSuffix("?"), index + 1 < words.count { kept.append(index + 1) }
        }
        guard kept.count > first else { return Self.limited(text) }
        var quote = ""
        for (position, index) in kept.enumerated() {
            if position > 0 { quote += index == kept[position - 1] + 1 ? " " : " … " }
            quote += words[index]
        }
        return quote
    }

    private static func limited(_ text: String) -> String {
        let trimmed = text.drop { $0 == " " }
        return trimmed.count > limit ? "\(trimmed.prefix(limit)) …" : String(trimmed)
    }

    private static let limit = 240
}
