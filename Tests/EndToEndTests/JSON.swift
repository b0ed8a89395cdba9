import Foundation
import Support

/// A JSON document as a test looks at it.
enum JSON: Equatable, Sendable, Decodable {
    /// The member is not there at all: something else than null.
    case missing
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ text: String) throws { self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    subscript(name: String) -> JSON {
        guard case .object(let members) = self else { return .missing }
        return members[name] ?? .missing
    }

    subscript(index: Int) -> JSON { elements.indices.contains(index) ? elements[index] : .missing }

    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

    var string: String? { if case .string(let text) = self { text } else { nil } }

    var number: Double? { if case .number(let number) = self { number } else { nil } }

    func without(_ name: String) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key != name })
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
    init(stringLiteral text: String) { self = .string(text) }
    init(integerLiteral number: Int) { self = .number(Double(number)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
}

extension RawResponse {
    var json: JSON { get throws { try JSON(text) } }

    /// The last part of a problem's type, once the document is known to be one.
    var problem: String? {
        get throws {
            guard headers["Content-Type"] == "application/problem+json" else { return nil }
            let document = try json
            guard document["status"].number == Double(status), document["title"].string != nil,
                document["instance"].string != nil, document["next_step"].string?.isEmpty == false
            else { return nil }
            return document["type"].string?.replacing("urn:oomwarden:problem:", with: "")
        }
    }

    var detail: String { (try? json["detail"].string) ?? "" }
}
