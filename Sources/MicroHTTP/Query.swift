/// The arguments of a target, in their order: `node=0&pretty`.
///
/// Read by the form convention (WHATWG URL §5.1), as every client library writes it: a `+` is a blank, `%2B` a plus.
public struct Query: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One argument. `value` is nil where no `=` stands.
    public struct Argument: Sendable, Hashable {
        public let name: String
        public let value: String?

        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    public let arguments: [Argument]

    public init(_ arguments: [Argument] = []) { self.arguments = arguments }

    public init(dictionaryLiteral arguments: (String, String?)...) {
        self.init(arguments.map { Argument($0.0, $0.1) })
    }

    public var isEmpty: Bool { arguments.isEmpty }
    public var names: [String] { arguments.map(\.name) }

    /// The first value of that name, "" for one without a value, nil where the name does not occur.
    public subscript(_ name: String) -> String? { arguments.first { $0.name == name }.map { $0.value ?? "" } }

    public func values(_ name: String) -> [String] { arguments.filter { $0.name == name }.map { $0.value ?? "" } }

    public func contains(_ name: String) -> Bool { arguments.contains { $0.name == name } }
}

extension Query {
    /// One real line: `sort=badness&limit=50&pretty`.
    init(parsing bytes: ArraySlice<UInt8>) throws(HTTPFault) {
        var arguments: [Argument] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) { arguments.append(try Argument(parsing: part)) }
        self.init(arguments)
    }
}

extension Query.Argument {
    fileprivate init(parsing part: ArraySlice<UInt8>) throws(HTTPFault) {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
            self.init(try PercentDecoding.text(part, blank: UInt8(ascii: "+")))
            return
        }
        self.init(
            try PercentDecoding.text(part[..<equals], blank: UInt8(ascii: "+")),
            try PercentDecoding.text(part[(equals + 1)...], blank: UInt8(ascii: "+")))
    }
}
