import Kernel

/// A pattern over bytes: `*` any number, `?` one, `[a-z]` and `[!a-z]` one of a set, `\` takes the next one as it is.
///
/// In a path neither of them matches a slash, and `**` any number of bytes with slashes. Of names `*` and `**` are one.
public struct Glob: Hashable, Sendable {
    public let text: String
    private let tokens: [Token]
    private let isPath: Bool

    public enum Subject: Hashable, Sendable { case name, path }

    private enum Token: Hashable {
        case byte(UInt8)
        case one
        case set([ClosedRange<UInt8>], isInverted: Bool)
        case many
        case manyWithSlashes
    }

    /// A longer one could make a match take long.
    public static let longest = 255

    /// Nil where it is empty, too long, has a bracket that is not closed or ends in a backslash.
    public init?(_ text: String, of subject: Subject) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.longest, !bytes.contains(0) else { return nil }
        var tokens: [Token] = []
        var at = 0
        while at < bytes.count {
            guard let token = Self.token(in: bytes, at: &at) else { return nil }
            // `***` is `**`, and of two in a row the second adds nothing.
            if token == .manyWithSlashes, tokens.last == token { continue }
            tokens.append(token)
        }
        self.text = text
        self.tokens = tokens
        isPath = subject == .path
    }

    /// Whether it matches one text alone.
    public var isLiteral: Bool { tokens.allSatisfy { if case .byte = $0 { true } else { false } } }

    private static func token(in bytes: [UInt8], at: inout Int) -> Token? {
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "?"): return .one
        case UInt8(ascii: "["): return set(in: bytes, at: &at)
        case UInt8(ascii: "*"):
            guard at < bytes.count, bytes[at] == byte else { return .many }
            while at < bytes.count, bytes[at] == byte { at += 1 }
            return .manyWithSlashes
        case UInt8(ascii: "\\"):
            guard at < bytes.count else { return nil }
            at += 1
            return .byte(bytes[at - 1])
        default: return .byte(byte)
        }
    }

    /// A `]` that comes first is one of the set.
    private static func set(in bytes: [UInt8], at: inout Int) -> Token? {
        var ranges: [ClosedRange<UInt8>] = []
        let isInverted = at < bytes.count && (bytes[at] == UInt8(ascii: "!") || bytes[at] == UInt8(ascii: "^"))
        if isInverted { at += 1 }
        while at < bytes.count {
            let first = bytes[at]
            if first == UInt8(ascii: "]"), !ranges.isEmpty {
                at += 1
                return .set(ranges, isInverted: isInverted)
            }
            at += 1
            guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "-"), bytes[at + 1] != UInt8(ascii: "]") else {
                ranges.append(first...first)
                continue
            }
            guard first <= bytes[at + 1] else { return nil }
            ranges.append(first...bytes[at + 1])
            at += 2
        }
        return nil
    }
}

extension Glob {
    /// Whether all of `bytes` are matched.
    ///
    /// On a mismatch the last `*` takes one byte more, and where that is a slash, the last `**`: what comes after a star can
    /// never need an earlier one.
    public func matches(_ bytes: some RandomAccessCollection<UInt8>) -> Bool {
        let matched = bytes.withContiguousStorageIfAvailable { self.matches($0) }
        return matched ?? Array(bytes).withUnsafeBufferPointer { self.matches($0) }
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var (at, token) = (0, 0)
        var star: (token: Int, at: Int)?
        var wideStar: (token: Int, at: Int)?
        while true {
            if token < tokens.count, tokens[token] == .manyWithSlashes || (tokens[token] == .many && !isPath) {
                (wideStar, star) = ((token + 1, at), nil)
                token += 1
            } else if token < tokens.count, tokens[token] == .many {
                star = (token + 1, at)
                token += 1
            } else if at < bytes.count, token < tokens.count, takes(tokens[token], bytes[at]) {
                (at, token) = (at + 1, token + 1)
            } else if at == bytes.count, token == tokens.count {
                return true
            } else if let last = star, last.at < bytes.count, bytes[last.at] != Self.slash {
                star = (last.token, last.at + 1)
                (token, at) = (last.token, last.at + 1)
            } else if let last = wideStar, last.at < bytes.count {
                (wideStar, star) = ((last.token, last.at + 1), nil)
                (token, at) = (last.token, last.at + 1)
            } else {
                return false
            }
        }
    }

    private func takes(_ token: Token, _ byte: UInt8) -> Bool {
        switch token {
        case .byte(let wanted): wanted == byte
        case .one: !isPath || byte != Self.slash
        case .set(let ranges, let isInverted):
            (!isPath || byte != Self.slash) && ranges.contains { $0.contains(byte) } != isInverted
        case .many, .manyWithSlashes: false
        }
    }

    private static let slash = UInt8(ascii: "/")
}
