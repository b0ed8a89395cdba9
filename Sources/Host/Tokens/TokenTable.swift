public import Kernel

/// The tokens of `STATE/tokens`: one on each line, its name, scopes, the SHA-256 of its secret, and when it was made, in seconds
/// since 1970. Empty lines and those that begin with `#` mean nothing.
///
///     grafana read,protect 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 1795612345
public struct TokenTable: Sendable {
    public private(set) var tokens: [Token] = []

    /// What may be done with one secret, which is not kept itself.
    public struct Token: Sendable {
        public let name: String
        /// Words; one that is not known gives no right.
        public let scopes: [String]
        public let digest: SHA256Digest
        public let createdAt: Timestamp

        public init(name: String, scopes: [String], digest: SHA256Digest, createdAt: Timestamp) {
            self.name = name
            self.scopes = scopes
            self.digest = digest
            self.createdAt = createdAt
        }
    }

    public init() {}

    public init(parsing bytes: [UInt8]) throws(ParseError) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let token = try Self.token(String(line), index + 1)
            guard add(token) else { throw Self.error(index + 1, "a name that no line before has", token.name) }
        }
    }

    /// False for a name that is taken.
    public mutating func add(_ token: Token) -> Bool {
        guard !tokens.contains(where: { $0.name == token.name }) else { return false }
        tokens.append(token)
        return true
    }

    /// False where there is none of that name.
    public mutating func remove(_ name: String) -> Bool {
        let count = tokens.count
        tokens.removeAll { $0.name == name }
        return tokens.count < count
    }

    public var text: [UInt8] {
        let head =
            "# oomwarden token create|revoke writes this file: name, scopes, SHA-256 of the secret, made at (seconds since 1970)\n"
        return Array((head + tokens.map(Self.line).joined()).utf8)
    }

    /// Letters, digits, `-`, `_` and `.`, up to 64.
    public static func isName(_ text: String) -> Bool { PlainName.isOne(text, marks: "-_.") }

    private static func line(_ token: Token) -> String {
        let seconds = token.createdAt.unixNanoseconds / 1_000_000_000
        return "\(token.name) \(token.scopes.joined(separator: ",")) \(token.digest.hex) \(seconds)\n"
    }

    private static func token(_ line: String, _ number: Int) throws(ParseError) -> Token {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 4 else { throw error(number, "a name, scopes, a SHA-256 and a time", line) }
        guard isName(parts[0]) else { throw error(number, "a name of letters, digits, '-', '_' and '.'", parts[0]) }
        guard let digest = SHA256Digest(hex: parts[2]) else { throw error(number, "64 hexadecimal digits", parts[2]) }
        guard let seconds = Int(parts[3]), (0...Int.max / 1_000_000_000).contains(seconds) else {
            throw error(number, "seconds since 1970", parts[3])
        }
        return Token(
            name: parts[0], scopes: parts[1].split(separator: ",").map(String.init), digest: digest,
            createdAt: Timestamp(unixNanoseconds: seconds * 1_000_000_000))
    }

    private static func error(_ line: Int, _ expected: String, _ found: String) -> ParseError {
        ParseError(source: "tokens", line: line, expected: expected, found: String(found.prefix(80)))
    }
}
