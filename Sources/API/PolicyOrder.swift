import Diagnosis
import Kernel
import MicroHTTP

/// The body of `PUT /policies/{name}`: `{"match": {"unit": "postgresql*.service"}, "oom_score_adj": -800}`.
struct PolicyOrder: Sendable {
    let policy: ProtectionPolicy

    init(of request: Request, name: String) throws {
        guard PolicyReader.isName(name) else {
            throw Refusal(
                .badRequest, "bad_parameter",
                "path: expected \(PolicyReader.nameRule) as the policy's name, found \(quoted(name))",
                next: "correct the name")
        }
        let known = ["match", "oom_score_adj", "children", "priority"]
        let members = try ProtectionOrder.members(of: request, known: known) ?? [:]
        do { policy = try PolicyReader(source: "body").policy(in: PolicyNode(json: .object(members)), name: name) } catch {
            throw ProtectionOrder.unprocessable("\(error)")
        }
    }
}

extension PolicyNode {
    fileprivate init(json value: JSONValue) {
        switch value {
        case .null: self.init(.null)
        case .bool(let value): self.init(.bool(value))
        case .number(let text): self.init(.number(text))
        case .string(let text): self.init(.string(text))
        case .array(let elements): self.init(.list(elements.map { PolicyNode(json: $0) }))
        case .object(let members):
            // In one order, whatever the client's was: of two errors always the same is told.
            self.init(.object(members.sorted { $0.key < $1.key }.map { Member(name: $0.key, node: PolicyNode(json: $0.value)) }))
        }
    }
}
