/// A text of the kernel that is not as it should be: where, what was expected, what was found.
///
///     zoneinfo:17: expected a page count after 'min', found "x3"
public struct ParseError: Error, Hashable, Sendable {
    /// The file's name as people know it (`zoneinfo`, `status`).
    public let source: String
    /// Counted from 1; 0 where the whole text is meant.
    public let line: Int
    /// What a right text would have here, without a final dot.
    public let expected: String
    /// The first bytes of what stands there, repaired to UTF-8 and cut; nil at the end of the text.
    public let found: String?

    public init(source: String, line: Int, expected: String, found: String?) {
        self.source = source
        self.line = line
        self.expected = expected
        self.found = found
    }
}

extension ParseError: CustomStringConvertible {
    public var description: String {
        let place = line > 0 ? "\(source):\(line)" : source
        return "\(place): expected \(expected), found \(found.map(quoted) ?? "the end of the text")"
    }
}

/// `text` in double quotes, control characters made visible, so that it can stand in one line of a log.
public func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f:
            result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
