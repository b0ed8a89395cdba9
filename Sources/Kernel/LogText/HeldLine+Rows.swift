/// How lines are wrapped here, as far as the lines before tell.
struct Wrap: Sendable {
    /// Of the line that may go on with the held one.
    let edges: LineEdges
    /// The held line ends at the column where the last one was cut, be it within a word.
    let isHard: Bool
    /// How many numbers a row of the table has; nil where its heading is not known.
    let rowNumbers: Int?
}

// The table of tasks. Its lines are words and blanks, so that the width alone tells whether a word was cut.

extension HeldLine {
    func heading(_ rest: ArraySlice<UInt8>, _ wrap: Wrap) -> LineJoint? {
        let isColumns = rest.allSatisfy { $0 &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: " ") }
        guard isColumns, !lastWord.equals("name") else { return nil }
        let words = rest.split(separator: UInt8(ascii: " "))
        let isApart = endsWithBlank || wrap.edges.beginsWithBlank
        if !isApart, let first = words.first, isColumn(lastWord + first) { return .nothing }
        if wrap.isHard { return isApart ? .blank : .nothing }
        return words.contains(where: isColumn) ? .blank : nil
    }

    private func isColumn(_ word: ArraySlice<UInt8>) -> Bool {
        word.equals("name") || word.equals("cpu") || TaskColumns.Column(rawValue: String(decoding: word, as: UTF8.self)) != nil
    }

    func row(_ rest: ArraySlice<UInt8>, _ wrap: Wrap) -> LineJoint? {
        guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let isApart = endsWithBlank || wrap.edges.beginsWithBlank
        let numbers = text[(bracket + 1)...]
        guard numbers.isNumbers else { return wrap.isHard && rest.isLeftoverOfName ? (isApart ? .blank : .nothing) : nil }
        let count = numbers.split(separator: UInt8(ascii: " ")).count
        let more = rest.split(separator: UInt8(ascii: " ")).prefix { $0.isNumbers }
        guard !more.isEmpty else { return count >= 7 || count == wrap.rowNumbers ? .blank : nil }
        if isApart { return .blank }
        let isNamed = rest.count > (more.last.map { $0.endIndex - rest.startIndex } ?? 0)
        if isNamed, let whole = wrap.rowNumbers, abs(count + more.count - whole) <= 1 {
            return count + more.count > whole ? .nothing : .blank
        }
        return wrap.isHard ? .nothing : .blank
    }
}

extension ArraySlice<UInt8> {
    /// A name has fifteen bytes.
    fileprivate var isLeftoverOfName: Bool { count < 16 && first != UInt8(ascii: "[") }
}
