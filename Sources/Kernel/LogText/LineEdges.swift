/// What a line of a paste looked like before its blanks were taken off: how it was wrapped shows there.
struct LineEdges: Sendable {
    /// With its prefix, and with what a mailer put before it.
    var width: Int
    /// A wrap at a blank leaves the blank, or not; one in the middle of a word never does.
    var endsWithBlank = false
    var beginsWithBlank = false

    /// Of a line that nobody wrapped.
    static let none = LineEdges(width: 0)
}
