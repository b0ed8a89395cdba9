/// A part of the text of a policy, YAML or JSON alike, with the line that it begins in.
public struct PolicyNode: Hashable, Sendable {
    public let value: Value
    /// From 1; 0 where the text is not looked at by lines.
    public let line: Int

    public indirect enum Value: Hashable, Sendable {
        case null
        /// In quotes, or JSON's.
        case string(String)
        /// Without quotes, in YAML: a number or a text as one needs it.
        case plain(String)
        /// JSON's.
        case number(String)
        case bool(Bool)
        case list([PolicyNode])
        case object([Member])
    }

    public struct Member: Hashable, Sendable {
        public let name: String
        public let node: PolicyNode

        public init(name: String, node: PolicyNode) {
            self.name = name
            self.node = node
        }
    }

    public init(_ value: Value, line: Int = 0) {
        self.value = value
        self.line = line
    }

    /// For an error: what stands here.
    var found: String {
        switch value {
        case .null: "nothing"
        case .string(let text), .plain(let text), .number(let text): String(text.prefix(40))
        case .bool(let value): String(value)
        case .list: "a list"
        case .object: "an object"
        }
    }
}
