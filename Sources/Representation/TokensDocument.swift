public import Kernel

/// The tokens of a daemon, for people and programs; no secret is in it.
public struct TokensDocument: Sendable {
    let tokens: [Token]

    public struct Token: Sendable {
        let name: String
        let scopes: [String]
        let createdAt: Timestamp

        public init(_ name: String, scopes: [String], createdAt: Timestamp) {
            self.name = name
            self.scopes = scopes
            self.createdAt = createdAt
        }
    }

    public init(tokens: [Token]) { self.tokens = tokens }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.objects("tokens", tokens) { json, token in
                json.write("name", token.name)
                json.array("scopes", token.scopes) { $0.writeValue($1) }
                json.write("created_at", token.createdAt)
            }
        }
    }

    public var table: String {
        guard !tokens.isEmpty else { return "no token beside the one of the first start\n" }
        var table = TerminalTable([("NAME", .left), ("SCOPES", .left), ("CREATED AT", .left)])
        for token in tokens {
            table.add([token.name.printable, token.scopes.joined(separator: ", ").printable, token.createdAt.rfc3339])
        }
        return table.text
    }
}
