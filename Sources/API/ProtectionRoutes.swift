import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation

/// `POST /processes/{pid}/protect` and `/unprotect`.
///
/// The checks follow one order: framing, route and method (MicroHTTP), actions off, token, media type, JSON, members and
/// values, then the process, its identity, and last the kernel's own refusal.
struct ProtectionRoutes: Sendable {
    let context: APIContext

    @Sendable func protect(_ request: Request, _ parameters: PathParameters) throws -> Response {
        _ = try context.access.principal(of: request, needs: .protect)
        let wanted = try ProtectionOrder(of: request)
        var order = try keeperRequest(request, parameters)
        order.isForced = wanted.isForced
        do {
            return try answer(request, try context.protection.protect(order, adjustment: wanted.adjustment))
        } catch let error as ProtectionError {
            throw Refusal(of: error)
        }
    }

    @Sendable func unprotect(_ request: Request, _ parameters: PathParameters) throws -> Response {
        _ = try context.access.principal(of: request, needs: .protect)
        let isForced = try ProtectionOrder.isForced(request)
        var order = try keeperRequest(request, parameters)
        order.isForced = isForced
        do {
            return try answer(request, try context.protection.unprotect(order))
        } catch let error as ProtectionError {
            throw Refusal(of: error)
        }
    }

    private func keeperRequest(_ request: Request, _ parameters: PathParameters) throws -> ProtectionKeeper.Request {
        try request.accept(only: ["dry_run"])
        _ = try AnswerForm(of: request)
        let condition = try IfMatch(parsing: request.headers.values("If-Match"))
        var order = ProtectionKeeper.Request(process: try ProcessID(path: parameters["pid"]))
        order.isDryRun = try request.flag("dry_run")
        order.formula = context.formula(context.sampler.current().snapshot)
        if let condition { order.accepts = { condition.holds(for: EntityTag($0.description)) } }
        return order
    }

    private func answer(_ request: Request, _ outcome: ProtectionOutcome) throws -> Response {
        let document = ProtectionDocument(outcome)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }
}
