/// The name of one state of a resource: `"4711-93"`, or `W/"4711-93"` for a weak one (RFC 9110 §8.8.3).
public struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    public let opaque: String
    public let isWeak: Bool

    public init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// One real line: `"4711-93"`. Nil when it is no entity tag.
    public init?(parsing text: some StringProtocol) {
        let isWeak = text.hasPrefix("W/")
        let quoted = isWeak ? text.dropFirst(2) : text[...]
        guard quoted.utf8.count >= 2, quoted.first == "\"", quoted.last == "\"" else { return nil }
        let opaque = quoted.dropFirst().dropLast()
        guard opaque.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x22 && $0 != 0x7F }) else { return nil }
        self.init(String(opaque), isWeak: isWeak)
    }

    /// Equal byte for byte, and neither of them weak.
    public func isStronglyEqual(to other: EntityTag) -> Bool { !isWeak && !other.isWeak && opaque == other.opaque }

    public var description: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }
}

/// What `If-Match` asks: that the state be one that the client knows (RFC 9110 §13.1.1).
public enum IfMatch: Hashable, Sendable {
    /// `*`: any state, so long as there is one.
    case any
    case tags([EntityTag])

    public func holds(for current: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.isStronglyEqual(to: current) }
        }
    }

    /// - Parameter values: the values of all the fields; nil comes back where there are none.
    public init?(parsing values: [String]) throws(HTTPFault) {
        if values.isEmpty { return nil }
        let elements = values.flatMap { FieldList.elements($0) }
        if elements == ["*"] {
            self = .any
            return
        }
        let tags = elements.compactMap { EntityTag(parsing: $0) }
        guard tags.count == elements.count, !tags.isEmpty else {
            throw HTTPFault(.badCondition, #"If-Match holds * or entity tags in quotes, like "4711-93""#)
        }
        self = .tags(tags)
    }
}

extension Request {
    /// - Throws: `.badCondition` when the field is there and cannot be read.
    public func ifMatch() throws(HTTPFault) -> IfMatch? { try IfMatch(parsing: headers.values("If-Match")) }
}
