/// A media type with its parameters: `text/plain; version=0.0.4` (RFC 9110 §8.3.1).
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
    public struct Parameter: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public let type: String
    public let subtype: String
    public let parameters: [Parameter]

    public init(_ type: String, _ subtype: String, _ parameters: [Parameter] = []) {
        self.type = type
        self.subtype = subtype
        self.parameters = parameters
    }

    /// One real line: `application/json; charset=utf-8`. Nil when it is no media type.
    public init?(parsing text: some StringProtocol) {
        let (value, parameters) = FieldList.parameters(of: Substring(text))
        let parts = value.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ ASCII.isToken($0.utf8) }) else { return nil }
        self.init(String(parts[0]), String(parts[1]), parameters)
    }

    /// Whether the types are the same, whatever their parameters say.
    public func isSameType(as other: MediaType) -> Bool {
        ASCII.equalIgnoringCase(type, other.type) && ASCII.equalIgnoringCase(subtype, other.subtype)
    }

    public var description: String {
        parameters.reduce("\(type)/\(subtype)") { "\($0); \($1.name)=\($1.value)" }
    }

    public static let json = MediaType("application", "json")
    public static let plainText = MediaType("text", "plain")
    public static let html = MediaType("text", "html")
}

extension Request {
    /// The media type of the body; nil when there is none or it is no media type.
    public var contentType: MediaType? { headers["Content-Type"].flatMap { MediaType(parsing: $0) } }
}
