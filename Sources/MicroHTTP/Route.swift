/// One line of a route table: what answers a method on a path.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Request, PathParameters) throws -> Response

    public let method: Method
    /// `/zones/{node}/{zone}`: a part in braces takes any one part of a path that is not empty.
    public let pattern: String
    public let handler: Handler
    /// nil for a route whose requests come whole.
    let intake: Intake?
    /// Of a route with an intake.
    let bodyLimit: Int
    let parts: [Part]

    public typealias Intake = @Sendable (Request, PathParameters) throws -> BodyIntake

    public init(_ method: Method, _ pattern: String, _ handler: @escaping Handler) {
        precondition(pattern.hasPrefix("/"), "a route's pattern starts with /, not \(pattern)")
        self.method = method
        self.pattern = pattern
        self.handler = handler
        intake = nil
        bodyLimit = 0
        parts = Self.split(pattern).map(Part.init)
    }

    /// A route whose requests' bodies are taken part by part as they come in.
    ///
    /// - Parameters:
    ///   - bodyLimit: a larger body is answered 413.
    ///   - intake: is asked with the head alone, before the first byte of the body.
    public init(_ method: Method, _ pattern: String, upTo bodyLimit: Int, intake: @escaping Intake) {
        precondition(pattern.hasPrefix("/"), "a route's pattern starts with /, not \(pattern)")
        self.method = method
        self.pattern = pattern
        self.intake = intake
        self.bodyLimit = bodyLimit
        handler = { request, parameters in
            try intake(request, parameters).answer(toWhole: request.body, limit: bodyLimit)
        }
        parts = Self.split(pattern).map(Part.init)
    }

    /// The parts between the slashes of a path.
    static func split(_ path: String) -> [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    enum Part: Sendable {
        case literal(String)
        case parameter(String)

        init(_ text: Substring) {
            let isParameter = text.hasPrefix("{") && text.hasSuffix("}")
            self = isParameter ? .parameter(String(text.dropFirst().dropLast())) : .literal(String(text))
        }

        var isLiteral: Bool { if case .literal = self { true } else { false } }

        func matches(_ text: Substring) -> Bool {
            switch self {
            case .literal(let literal): literal == text
            case .parameter: !text.isEmpty
            }
        }
    }

    /// The values of the parameters in a path that matches.
    func parameters(in path: [Substring]) -> PathParameters {
        PathParameters(
            zip(parts, path).compactMap { part, value in
                if case .parameter(let name) = part { (name, String(value)) } else { nil }
            })
    }
}

/// The parts of a path that a route's pattern names.
public struct PathParameters: Sendable {
    private let values: [(name: String, value: String)]

    public init(_ values: [(name: String, value: String)] = []) { self.values = values }

    /// "" where the pattern has no such name.
    public subscript(_ name: String) -> String { values.first { $0.name == name }?.value ?? "" }
}
