/// What is known of a line's ends beside its text: whether and how it may go on in the next one.
struct LineEdges: Sendable {
    /// A wrap at a blank leaves the blank, or not; one in the middle of a word never does.
    var endsWithBlank = false
    /// It is as long as any line of this log, and so are others: what printed it had no more columns.
    var isFull = false
    /// Bytes before the text: indents, the quote marks of mails.
    var indent = 0
}

/// The width of the terminal or console that a log was copied from, if it had one.
///
/// Longer lines are broken at that column wherever it falls, so no line is longer and many are just as long.
struct ColumnWidth: Sendable {
    private var width = 60
    private var count = 0

    /// True if a line of this length is a full row. A log that is not broken has few lines that are just as long as its longest.
    mutating func isFull(_ length: Int) -> Bool {
        guard length >= width else { return false }
        count = length == width ? count + 1 : 1
        width = length
        return count > 2
    }
}
