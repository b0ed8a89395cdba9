/// A statement and the words of the log that it stands on.
public struct LogEvidence: Hashable, Sendable {
    public let claim: String
    /// The line of the input; nil where it is no log.
    public let line: Int?
    /// `kmsg`, a file of /proc; nil for the log that was given.
    public let source: String?
    /// The log's own numbers in the log's own units.
    public let quote: String

    public init(claim: String, line: Int?, source: String? = nil, quote: String) {
        self.claim = claim
        self.line = line
        self.source = source
        self.quote = quote
    }
}
