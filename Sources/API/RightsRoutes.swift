import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation

/// `GET /capabilities`: what this daemon may do here, and what is missing for what.
struct RightsRoutes: Sendable {
    let context: APIContext

    @Sendable func capabilities(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        let rights = try context.readRights().get()
        let status = context.watch.status
        let abilities = Ability.all(
            of: rights, log: status.isUp ? nil : status.reason, noEvents: context.readProcessEventsObstacle())
        let document = CapabilitiesDocument(
            actions: context.access.areActionsOn, isOtherRoot: context.access.isOtherRoot, rights: rights, abilities: abilities)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }
}
