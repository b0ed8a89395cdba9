/// Brackets and quotes, as in JSON; keys and texts may stand without quotes.
struct FlowReader {
    private let text: [Character]
    private var at = 0

    init(_ text: String) { self.text = Array(text) }

    var isAtEnd: Bool { text[at...].allSatisfy(\.isWhitespace) }

    /// Nil where the text ends too soon.
    mutating func value() throws -> YAML? {
        skipBlanks()
        switch peek {
        case nil: return nil
        case "{": return try map()
        case "[": return try list()
        case "\"": return doubleQuoted().map(YAML.quoted)
        case "'": return singleQuoted().map(YAML.quoted)
        default: return .plain(plain())
        }
    }

    private mutating func map() throws -> YAML? {
        at += 1
        var members: [YAML.Member] = []
        while true {
            skipBlanks()
            if skip("}") { return .map(members) }
            guard let key = try value()?.text else { return nil }
            skipBlanks()
            guard skip(":") else { return nil }
            guard let value = try value() else { return nil }
            members.append(YAML.Member(key: key, value: value))
            skipBlanks()
            guard skip(",") || peek == "}" else { return nil }
        }
    }

    private mutating func list() throws -> YAML? {
        at += 1
        var elements: [YAML] = []
        while true {
            skipBlanks()
            if skip("]") { return .list(elements) }
            guard let value = try value() else { return nil }
            elements.append(value)
            skipBlanks()
            guard skip(",") || peek == "]" else { return nil }
        }
    }

    private mutating func doubleQuoted() -> String? {
        at += 1
        var result = ""
        while let character = peek {
            at += 1
            if character == "\"" { return result }
            if character == "\\", let escaped = peek {
                at += 1
                result.append(escaped)
            } else {
                result.append(character)
            }
        }
        return nil
    }

    private mutating func singleQuoted() -> String? {
        at += 1
        var result = ""
        while let character = peek {
            at += 1
            guard character == "'" else {
                result.append(character)
                continue
            }
            guard skip("'") else { return result }
            result.append("'")
        }
        return nil
    }

    private mutating func plain() -> String {
        let start = at
        while let character = peek, !",}]\n".contains(character), !(character == ":" && endsKey(at + 1)) { at += 1 }
        return String(text[start..<at]).trimmingBlanks
    }

    private func endsKey(_ index: Int) -> Bool { index >= text.count || text[index] == " " || text[index] == "\n" }

    private var peek: Character? { at < text.count ? text[at] : nil }

    private mutating func skip(_ character: Character) -> Bool {
        guard peek == character else { return false }
        at += 1
        return true
    }

    private mutating func skipBlanks() { while let character = peek, character.isWhitespace { at += 1 } }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var trimmed = self[...]
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        return String(trimmed)
    }
}
