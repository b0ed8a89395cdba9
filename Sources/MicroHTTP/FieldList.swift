/// A field value that is a list, its elements with parameters: `gzip;q=0.5, *;q=0` (RFC 9110 §5.6).
enum FieldList {
    /// Split at commas outside of quotes; empty elements are left out.
    static func elements(_ text: String) -> [Substring] {
        split(text[...], at: ",").map(ASCII.trimmed).filter { !$0.isEmpty }
    }

    /// What stands before the first semicolon, and what the parameters behind it say.
    static func parameters(of element: Substring) -> (value: Substring, parameters: [MediaType.Parameter]) {
        let parts = split(element, at: ";").map(ASCII.trimmed)
        let parameters = parts.dropFirst().compactMap { part -> MediaType.Parameter? in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            return MediaType.Parameter(
                String(ASCII.trimmed(part[..<equals])), unquoted(ASCII.trimmed(part[part.index(after: equals)...])))
        }
        return (parts.first ?? "", parameters)
    }

    /// The weight in thousandths: 1000 without one, 0 for one that cannot be read.
    static func quality(_ parameters: [MediaType.Parameter]) -> Int {
        guard let weight = parameters.first(where: { ASCII.equalIgnoringCase($0.name, "q") }) else { return 1000 }
        let parts = weight.value.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : ""
        guard parts[0] == "0" || parts[0] == "1", decimals.utf8.count <= 3, decimals.utf8.allSatisfy(ASCII.isDigit) else {
            return 0
        }
        let thousandths = Int(parts[0] + decimals + String(repeating: "0", count: 3 - decimals.utf8.count)) ?? 0
        return thousandths > 1000 ? 0 : thousandths
    }

    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        return text.split(omittingEmptySubsequences: false) { character in
            if isEscaped {
                isEscaped = false
                return false
            }
            isEscaped = isQuoted && character == "\\"
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && character == separator
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        var isEscaped = false
        return String(
            text.dropFirst().dropLast().filter { character in
                isEscaped = !isEscaped && character == "\\"
                return !isEscaped
            })
    }
}
