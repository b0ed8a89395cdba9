import Foundation

/// openapi.yaml, and what it says of a document.
struct OpenAPI: Sendable {
    let root: YAML

    /// The file itself, which is also what the daemon serves.
    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("openapi.yaml")

    static func read() throws -> OpenAPI { try once.get() }

    private static let once = Result {
        OpenAPI(root: try YAML(parsing: String(decoding: try Data(contentsOf: file), as: UTF8.self)))
    }

    struct Operation {
        let path: String
        let method: String
        let item: YAML
    }

    var operations: [Operation] {
        (root["paths"]?.members ?? []).flatMap { path in
            path.value.members.map { Operation(path: path.key, method: $0.key, item: $0.value) }
        }
    }

    func operation(_ method: String, _ path: String) -> Operation? { operations.first { $0.method == method && $0.path == path } }

    func schema(_ name: String) -> YAML? { root["components"]?["schemas"]?[name] }

    var problemTypes: Set<String> { Set(schema("Problem")?["properties"]?["type"]?["enum"]?.elements.compactMap(\.text) ?? []) }

    /// The response of a status, its reference followed; `default` where the status is not listed.
    func response(_ operation: Operation, status: Int) -> YAML? {
        let responses = operation.item["responses"]
        return (responses?[String(status)] ?? responses?["default"]).map(resolved)
    }

    func schema(of response: YAML, mediaType: String) -> YAML? { response["content"]?[mediaType]?["schema"] }

    func queryParameters(of operation: Operation) -> [YAML] {
        (operation.item["parameters"]?.elements ?? []).map(resolved).filter { $0["in"]?.text == "query" }
    }

    /// Values that a parameter takes, and some beside them; none where its schema bounds nothing.
    func values(of parameter: YAML) -> (good: [String], bad: [String]) {
        guard let schema = parameter["schema"].map(resolved) else { return ([], []) }
        if let words = schema["enum"]?.elements.compactMap(\.text) { return (words, ["no_such_word"]) }
        guard let least = schema["minimum"]?.text.flatMap(Int.init), let most = schema["maximum"]?.text.flatMap(Int.init) else {
            return ([], [])
        }
        return (["\(least)", "\(most)"], ["\(least - 1)", "\(most + 1)", "x", ""])
    }

    func resolved(_ value: YAML) -> YAML {
        guard let reference = value["$ref"]?.text else { return value }
        return reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? .plain("null") }
    }
}

extension OpenAPI {
    /// What a value has that its schema forbids, or has not that it demands; empty where all is well.
    func violations(of value: YAML, against schema: YAML, at path: String = "$") -> [String] {
        if schema["$ref"] != nil { return violations(of: value, against: resolved(schema), at: path) }
        if let choices = schema["oneOf"]?.elements {
            let fitting = choices.filter { violations(of: value, against: $0, at: path).isEmpty }.count
            return fitting == 1 ? [] : ["\(path): fits \(fitting) of \(choices.count) schemas: " + first(value, choices, path)]
        }
        return wrongType(value, schema, path) + wrongValue(value, schema, path) + wrongMembers(value, schema, path)
            + value.elements.enumerated().flatMap { index, element in
                schema["items"].map { violations(of: element, against: $0, at: "\(path)[\(index)]") } ?? []
            }
    }

    private func first(_ value: YAML, _ choices: [YAML], _ path: String) -> String {
        choices.compactMap { violations(of: value, against: $0, at: path).first }.joined(separator: "; ")
    }

    private func wrongType(_ value: YAML, _ schema: YAML, _ path: String) -> [String] {
        guard let type = schema["type"] else { return [] }
        let types = type.text.map { [$0] } ?? type.elements.compactMap(\.text)
        return types.contains(where: value.isOf) ? [] : ["\(path): expected \(types), found \(value)"]
    }

    private func wrongValue(_ value: YAML, _ schema: YAML, _ path: String) -> [String] {
        if let words = schema["enum"]?.elements.compactMap(\.text), !words.contains(value.text ?? "") {
            return ["\(path): expected one of \(words), found \(value)"]
        }
        if let least = schema["minimum"]?.text.flatMap(Int.init), let number = value.text.flatMap(Int.init), number < least {
            return ["\(path): \(number) is less than \(least)"]
        }
        if let most = schema["maximum"]?.text.flatMap(Int.init), let number = value.text.flatMap(Int.init), number > most {
            return ["\(path): \(number) is more than \(most)"]
        }
        return []
    }

    private func wrongMembers(_ value: YAML, _ schema: YAML, _ path: String) -> [String] {
        guard case .map(let members) = value else { return [] }
        let properties = schema["properties"]
        let missing = (schema["required"]?.elements.compactMap(\.text) ?? []).filter { !value.keys.contains($0) }
        return missing.map { "\(path): \($0) is missing" }
            + members.flatMap { member -> [String] in
                let place = "\(path).\(member.key)"
                if let known = properties?[member.key] { return violations(of: member.value, against: known, at: place) }
                guard let additional = schema["additionalProperties"] else { return ["\(place): the schema is not closed"] }
                return additional.text == "false"
                    ? ["\(place) is not in the schema"] : violations(of: member.value, against: additional, at: place)
            }
    }
}

extension YAML {
    /// As JSON has types: only a plain scalar is a number or a word of the language.
    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("object", .map), ("array", .list), ("string", .quoted): true
        case ("null", .plain("null")), ("boolean", .plain("true")), ("boolean", .plain("false")): true
        case ("integer", .plain(let text)): Int(text) != nil
        case ("number", .plain(let text)): Double(text) != nil
        case ("string", .plain(let text)): Double(text) == nil && !["null", "true", "false"].contains(text)
        default: false
        }
    }
}
