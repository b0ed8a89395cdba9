/// A value of a YAML document, as far as openapi.yaml uses the language; JSON is a part of that.
indirect enum YAML: Hashable, Sendable {
    /// A plain scalar: a number, true, false, null, or a text without quotes.
    case plain(String)
    case quoted(String)
    case list([YAML])
    case map([Member])

    struct Member: Hashable, Sendable {
        let key: String
        let value: YAML
    }

    struct Malformed: Error, CustomStringConvertible { let description: String }

    init(parsing text: String) throws {
        var reader = BlockReader(text)
        self = try reader.block(indent: 0)
        try reader.expectEnd()
    }

    subscript(_ key: String) -> YAML? { members.first { $0.key == key }?.value }

    var members: [Member] { if case .map(let members) = self { members } else { [] } }

    var keys: [String] { members.map(\.key) }

    var elements: [YAML] { if case .list(let elements) = self { elements } else { [] } }

    /// The text of a scalar.
    var text: String? {
        switch self {
        case .plain(let text), .quoted(let text): text
        default: nil
        }
    }
}

/// Blocks: mappings and sequences by their indentation, and folded texts.
private struct BlockReader {
    private let lines: [Substring]
    private var at = 0
    /// What is left of a line whose dash or key was taken.
    private var rest: (text: Substring, indent: Int)?

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

    mutating func expectEnd() throws {
        skipBlanks()
        guard at == lines.count else { throw malformed("the end") }
    }

    mutating func block(indent: Int) throws -> YAML {
        guard let line = current else { throw malformed("a value") }
        if line.text.hasPrefix("- ") { return .list(try sequence(indent: line.indent)) }
        if line.text.hasPrefix("{") || line.text.hasPrefix("[") { return try flow() }
        guard Self.key(of: line.text) != nil else {
            if line.text.hasPrefix("\"") || line.text.hasPrefix("'") { return try flow() }
            advance()
            return .plain(String(line.text))
        }
        return .map(try mapping(indent: line.indent))
    }

    private mutating func sequence(indent: Int) throws -> [YAML] {
        var elements: [YAML] = []
        while let line = current, line.indent == indent, line.text.hasPrefix("- ") {
            rest = (line.text.dropFirst(2), indent + 2)
            elements.append(try block(indent: indent + 2))
        }
        return elements
    }

    private mutating func mapping(indent: Int) throws -> [YAML.Member] {
        var members: [YAML.Member] = []
        while let line = current, line.indent == indent, let (key, value) = Self.key(of: line.text) {
            guard !members.contains(where: { $0.key == key }) else { throw malformed("\(key) once") }
            members.append(YAML.Member(key: key, value: try self.value(value, indent: indent)))
        }
        return members
    }

    private mutating func value(_ text: Substring, indent: Int) throws -> YAML {
        if text.isEmpty {
            advance()
            guard let next = current, next.indent > indent else { throw malformed("a value") }
            return try block(indent: next.indent)
        }
        if text.hasPrefix(">") || text.hasPrefix("|") {
            advance()
            return .quoted(folded(deeperThan: indent))
        }
        rest = (text, indent)
        if "{[\"'".contains(text.first ?? " ") { return try flow() }
        advance()
        return .plain(String(text))
    }

    private mutating func folded(deeperThan indent: Int) -> String {
        var parts: [String] = []
        while at < lines.count {
            let content = lines[at].drop { $0 == " " }
            guard content.isEmpty || lines[at].count - content.count > indent else { break }
            parts.append(String(content))
            at += 1
        }
        return parts.joined(separator: " ")
    }

    /// A value in brackets or quotes, which may go over several lines.
    private mutating func flow() throws -> YAML {
        guard let first = current else { throw malformed("a value") }
        var balance = Balance()
        var parts = [first.text]
        balance.add(first.text)
        advance()
        while balance.isOpen, at < lines.count {
            parts.append(lines[at])
            balance.add(lines[at])
            advance()
        }
        var reader = FlowReader(parts.joined(separator: "\n"))
        guard let value = try reader.value(), reader.isAtEnd else { throw malformed("the end of \(first.text)") }
        return value
    }

    private var current: (text: Substring, indent: Int)? {
        mutating get {
            if let rest { return rest }
            skipBlanks()
            guard at < lines.count else { return nil }
            let content = lines[at].drop { $0 == " " }
            return (content, lines[at].count - content.count)
        }
    }

    private mutating func advance() {
        rest = nil
        at += 1
    }

    private mutating func skipBlanks() {
        while rest == nil, at < lines.count,
            lines[at].allSatisfy({ $0 == " " }) || lines[at].drop(while: { $0 == " " }).hasPrefix("#")
        {
            at += 1
        }
    }

    /// `key: value`, `key:`, `'200': value`.
    private static func key(of line: Substring) -> (String, Substring)? {
        if line.hasSuffix(":"), !line.contains(": ") { return (unquoted(line.dropLast()), "") }
        guard let colon = line.firstRange(of: ": ") else { return nil }
        return (unquoted(line[..<colon.lowerBound]), line[colon.upperBound...].drop { $0 == " " })
    }

    private static func unquoted(_ key: Substring) -> String {
        key.count > 1 && key.first == "'" && key.last == "'" ? String(key.dropFirst().dropLast()) : String(key)
    }

    private func malformed(_ expected: String) -> YAML.Malformed {
        YAML.Malformed(description: "line \(at + 1): expected \(expected)")
    }
}

/// Whether all brackets of a text are closed. A quote counts only where a value or a key begins: `the zone's name` has none.
private struct Balance {
    private var depth = 0
    private var quote: UInt8?
    private var isEscaped = false
    private var last = UInt8(ascii: ",")

    var isOpen: Bool { depth > 0 || quote != nil }

    mutating func add(_ line: Substring) {
        for byte in line.utf8 { add(byte) }
    }

    private mutating func add(_ byte: UInt8) {
        if let quote {
            if byte == quote, !isEscaped { self.quote = nil }
            isEscaped = quote == UInt8(ascii: "\"") && byte == UInt8(ascii: "\\") && !isEscaped
            return
        }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: "\""), UInt8(ascii: "'"): if "{[,:".utf8.contains(last) { quote = byte }
        case UInt8(ascii: " "): return
        default: break
        }
        last = byte
    }
}
