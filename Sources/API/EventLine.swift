import Kernel
import Representation

/// An event of the stream as one line for a terminal.
public struct EventLine: Sendable {
    public let text: String

    /// - Parameter document: the event's JSON; one that is not understood is shown as it came.
    public init(_ document: [UInt8], kind: String) {
        do {
            let value = try JSONValue(parsing: document)
            text = Self.line(value, kind).printable
        } catch {
            text = "\(kind): \(String(decoding: document, as: UTF8.self).printable)"
        }
    }

    private static func line(_ value: JSONValue, _ kind: String) -> String {
        switch kind {
        case "stall": stall(value)
        case "zone_state": zones(value)
        default: kill(value, kind)
        }
    }

    private static func zones(_ value: JSONValue) -> String {
        let steps = value["zones"]?.elements.map { zone in
            "node \(zone["numa_node"]?.number.map(String.init) ?? "?") \(zone["memory_zone"]?.word ?? "?"): "
                + "\(zone["before"]?.word ?? "?") to \(zone["state"]?.word ?? "?")"
        }
        let claims = value["findings"]?.elements.compactMap { $0["claim"]?.word } ?? []
        return ([value["at"]?.word ?? "-", "zone_state"] + (steps ?? []) + claims).joined(separator: "  ")
    }

    private static func stall(_ value: JSONValue) -> String {
        let whose = value["cgroup"]?.word.map { "cgroup \($0)" } ?? "the machine"
        let reasons = value["reasons"]?.elements.compactMap(\.word).joined(separator: ", ") ?? ""
        guard let end = value["ended_at"]?.word else { return "\(value["began_at"]?.word ?? "-")  stall  \(whose): \(reasons)" }
        return "\(end)  stall over  \(whose), since \(value["began_at"]?.word ?? "-"): \(reasons)"
    }

    private static func kill(_ value: JSONValue, _ kind: String) -> String {
        var parts = [value["killed_at"]?.word ?? "-", kind]
        if let victim = value["victims"]?.elements.first ?? value["victim"] {
            let others = (value["victims"]?.elements.count ?? 1) - 1
            parts.append(
                "\(victim["comm"]?.word ?? "?") (pid \(victim["pid"]?.number.map(String.init) ?? "?"))"
                    + (others > 0 ? " and \(others) more" : ""))
            if let anonymous = victim["anon_rss_bytes"]?.number { parts.append("anon \(Bytes(anonymous).human)") }
        }
        if let cause = value["cause"]?.word ?? value["scope"]?.word { parts.append(cause) }
        if let group = value["victim_cgroup"]?.word ?? value["limit_cgroup"]?.word { parts.append(group) }
        return parts.joined(separator: "  ")
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    fileprivate var word: String? { if case .string(let text) = self { text } else { nil } }

    fileprivate var number: Int? { if case .number(let text) = self { Int(text) } else { nil } }

    fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
