import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation

/// `/policies`: rules that outlive processes; and `POST /-/reload`.
///
/// They say what happens to everybody's processes, so that changing them takes scope `admin`.
struct PolicyRoutes: Sendable {
    let context: APIContext

    private var policies: PolicyControl { context.policies }

    @Sendable func list(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        let document = PoliciesDocument(
            policies.engine.reports, watching: ProcessWatching(policies.feed.mode), file: policies.book.fileState)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func policy(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        guard let report = policies.engine.reports.first(where: { $0.policy.name == parameters["name"] }) else {
            throw Refusal(of: PolicyError.noSuchPolicy(parameters["name"]))
        }
        let document = PolicyDocument(report)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func put(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let principal = try context.access.principal(of: request, needs: .admin)
        try request.accept(only: ["dry_run"])
        _ = try AnswerForm(of: request)
        let policy = try PolicyOrder(of: request, name: parameters["name"]).policy
        if try request.flag("dry_run") { return try foresee(policy, request) }
        let change: PolicyBook.Change
        do { change = try policies.put(policy, by: principal.who) } catch { throw Refusal(of: error) }
        let document = PolicyChangeDocument(policy, PolicyChangeDocument.Change(change))
        var response = try Answer(json: document.json, table: { document.table }).response(to: request)
        if change == .created { response.status = .created }
        return response
    }

    private func foresee(_ policy: ProtectionPolicy, _ request: Request) throws -> Response {
        let change: PolicyBook.Change
        do { change = try policies.book.checkPut(policy) } catch { throw Refusal(of: error) }
        let touched: [ForeseenPolicy]
        do { touched = try policies.engine.foresee(policy) } catch { throw Refusal(unreadable: error, source: "processes") }
        let document = PolicyChangeDocument(policy, PolicyChangeDocument.Change(change), touched: touched)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func delete(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let principal = try context.access.principal(of: request, needs: .admin)
        try request.accept(only: [])
        _ = try AnswerForm(of: request)
        let policy: ProtectionPolicy
        do { policy = try policies.delete(parameters["name"], by: principal.who) } catch { throw Refusal(of: error) }
        let document = PolicyChangeDocument(policy, .deleted)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }
}

extension PolicyChangeDocument.Change {
    fileprivate init(_ change: PolicyBook.Change) {
        switch change {
        case .created: self = .created
        case .changed: self = .changed
        case .unchanged: self = .unchanged
        }
    }
}
