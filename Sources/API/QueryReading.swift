import MicroHTTP

/// Typed arguments of a query, with an error that says place, expectation and finding.
extension Request {
    /// - Throws: 400 where the query has a name that the route does not take: a typing error would else be a silent one.
    func accept(only names: Set<String>) throws {
        guard let unknown = query.names.first(where: { !names.contains($0) && $0 != "pretty" }) else { return }
        let known = names.union(["pretty"]).sorted().joined(separator: ", ")
        throw Refusal(
            .badRequest, "unknown_parameter", "query: expected one of \(known), found \(unknown.debugDescription)",
            next: "correct the name; /openapi.yaml lists what the route takes")
    }

    /// `?pretty`, `?pretty=true`, `?pretty=1` are yes; `false` and `0` are no.
    func flag(_ name: String) throws -> Bool {
        guard let text = query[name] else { return false }
        switch text {
        case "", "true", "1": return true
        case "false", "0": return false
        default: throw malformed(name, "true or false", text)
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = query[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw malformed(name, "a number from \(range.lowerBound) to \(range.upperBound)", text)
        }
        return value
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(_ name: String, default fallback: Word) throws -> Word
    where Word.RawValue == String {
        guard let text = query[name] else { return fallback }
        guard let value = Word(rawValue: text) else {
            throw malformed(name, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "), text)
        }
        return value
    }

    func malformed(_ name: String, _ expected: String, _ found: String) -> Refusal {
        Refusal(
            .badRequest, "bad_parameter", "query parameter \(name): expected \(expected), found \(found.debugDescription)",
            next: "correct the value")
    }
}
