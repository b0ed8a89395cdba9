import Kernel
import MicroHTTP
import Monitor
import Store

/// What the body of a protect asks for: `{"oom_score_adj": -500, "ttl_seconds": 3600, "reason": "nightly import"}`. An empty
/// body is −1000, without end.
struct ProtectionOrder: Sendable {
    var order = ProtectionKeeper.Order()
    var isForced = false

    private static let members = ["oom_score_adj", "oom_adj", "ttl_seconds", "reason", "children", "force"]
    /// At most ten years: what is to be longer is without end, and has no `ttl_seconds`.
    private static let times = 1...315_360_000
    private static let longestReason = 500

    init(of request: Request) throws {
        guard let members = try Self.members(of: request, known: Self.members) else { return }
        if let value = members["oom_score_adj"] {
            guard members["oom_adj"] == nil else {
                throw Self.unprocessable("body: expected oom_score_adj or oom_adj, found both")
            }
            let number = try Self.integer(value, "oom_score_adj", in: OOMScoreAdjustment.range)
            if let wanted = OOMScoreAdjustment(number) { order.adjustment = wanted }
        } else if let value = members["oom_adj"] {
            let number = try Self.integer(value, "oom_adj", in: OOMScoreAdjustment.legacyRange)
            if let wanted = OOMScoreAdjustment(oomAdj: number) { order.adjustment = wanted }
        } else {
            // Who sends a body has a value in mind: a forgotten one must not make a process immortal.
            let found = members.keys.sorted().joined(separator: ", ")
            throw Self.unprocessable(
                "body: expected oom_score_adj or oom_adj, found \(found.isEmpty ? "no member" : "only \(found)"); "
                    + "no body at all means -1000")
        }
        isForced = try Self.force(in: members)
        order.time = try members["ttl_seconds"].flatMap(Self.time)
        order.reason = try members["reason"].flatMap(Self.reason)
        if let value = members["children"] { order.children = try Self.children(value) }
    }

    private static func time(_ value: JSONValue) throws -> Nanoseconds? {
        value == .null ? nil : Nanoseconds(try integer(value, "ttl_seconds", in: times) * 1_000_000_000)
    }

    private static func reason(_ value: JSONValue) throws -> String? {
        guard value != .null else { return nil }
        guard case .string(let text) = value, text.utf8.count <= longestReason else {
            throw unprocessable("body, member reason: expected a text of at most \(longestReason) bytes, found \(value)")
        }
        return text
    }

    private static func children(_ value: JSONValue) throws -> ChildrenRule {
        guard case .string(let text) = value, let rule = ChildrenRule(rawValue: text) else {
            throw unprocessable("body, member children: expected \"reset\" or \"inherit\", found \(value)")
        }
        return rule
    }

    /// For an action that takes no value: only `{"force": true}`, or no body.
    static func isForced(_ request: Request) throws -> Bool {
        try force(in: try members(of: request, known: ["force"]) ?? [:])
    }

    private static func force(in members: [String: JSONValue]) throws -> Bool {
        guard let value = members["force"] else { return false }
        guard case .bool(let forced) = value else {
            throw unprocessable("body, member force: expected true or false, found \(value)")
        }
        return forced
    }

    /// - Returns: nil for an empty body.
    static func members(of request: Request, known: [String]) throws -> [String: JSONValue]? {
        guard !request.body.isEmpty else { return nil }
        guard let type = request.contentType, type.isSameType(as: .json) else {
            throw Refusal(
                .unsupportedMediaType, "unsupported_media_type",
                "the body is \(request.headers["Content-Type"]?.debugDescription ?? "of no stated type")",
                next: "send 'Content-Type: application/json'", headers: ["Accept": "application/json"])
        }
        let value: JSONValue
        do { value = try JSONValue(parsing: request.body) } catch {
            throw Refusal(.badRequest, "malformed_json", error.description, next: "send one JSON object")
        }
        guard case .object(let members) = value else { throw unprocessable("body: expected an object, found \(value)") }
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw unprocessable("body: expected only \(known.joined(separator: ", ")), found member \(unknown.debugDescription)")
        }
        return members
    }

    static func integer(_ value: JSONValue, _ name: String, in range: ClosedRange<Int>) throws -> Int {
        guard case .number(let text) = value, let number = Int(text), range.contains(number) else {
            throw unprocessable(
                "body, member \(name): expected an integer from \(range.lowerBound) to \(range.upperBound), found \(value)")
        }
        return number
    }

    static func unprocessable(_ detail: String) -> Refusal {
        Refusal(.unprocessableContent, "unprocessable_body", detail, next: "correct the body; /openapi.yaml describes it")
    }
}
