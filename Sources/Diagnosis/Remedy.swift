/// What to change.
public struct Remedy: Hashable, Sendable {
    public let title: String
    /// What it does for this cause, with this report's numbers.
    public let why: String
    /// The exact command with a computed value; nil where there is none.
    public let command: String?
    public let risk: String

    public init(title: String, why: String, command: String?, risk: String) {
        self.title = title
        self.why = why
        self.command = command
        self.risk = risk
    }
}
