import Kernel
import MicroHTTP
import Monitor
import Representation

/// `POST /-/reload`: the policy file is read again, as by SIGHUP.
struct ReloadRoutes: Sendable {
    let context: APIContext

    @Sendable func reload(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let principal = try context.access.principal(of: request, needs: .admin)
        try request.accept(only: [])
        _ = try AnswerForm(of: request)
        let policies = context.policies
        do { try policies.reload(by: principal.who) } catch {
            throw Refusal(
                .conflict, "broken_policy_file", "\(error.sentence); the policies from before stay in force",
                next: "correct the file; 'oomwarden policies check FILE' says whether it is right")
        }
        let document = ReloadDocument(policies: policies.book.policies.count, path: policies.book.filePath)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }
}
