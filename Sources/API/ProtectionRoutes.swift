import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation
import Store

/// `POST /processes/{pid}/protect` and `/unprotect`.
///
/// The checks follow one order: framing, route and method (MicroHTTP), actions off, token, media type, JSON, members and
/// values, then the process, its identity, and last the kernel's own refusal.
struct ProtectionRoutes: Sendable {
    let context: APIContext

    @Sendable func protect(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let principal = try context.access.principal(of: request, needs: .protect)
        let wanted = try ProtectionOrder(of: request)
        var order = try keeperRequest(request, parameters)
        order.isForced = wanted.isForced
        do {
            let done = try context.protection.protect(order, wanted.order, by: principal)
            let document = ProtectionDocument(
                done.outcome, lease: ShownLease(done.lease), isRenewed: done.isRenewed, outrankedBy: done.outrankedBy,
                descendants: done.descendants)
            return try Answer(json: document.json, table: { document.table }).response(to: request)
        } catch let error as ProtectionError {
            throw Refusal(of: error)
        }
    }

    @Sendable func unprotect(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let principal = try context.access.principal(of: request, needs: .protect, putsBack: true)
        let isForced = try ProtectionOrder.isForced(request)
        var order = try keeperRequest(request, parameters)
        order.isForced = isForced
        do {
            return try ReleaseDocument(try context.protection.unprotect(order, by: principal)).response(to: request)
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
}
