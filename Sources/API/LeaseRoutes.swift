import Kernel
import MicroHTTP
import Monitor
import Representation
import Store

/// Which leases there are, and the end of one.
struct LeaseRoutes: Sendable {
    let context: APIContext

    /// How far `?all` goes back.
    private static let day = 86_400 * 1_000_000_000

    @Sendable func leases(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["all"])
        let now = context.sampler.current().snapshot.takenAt.unixNanoseconds
        let since = try request.flag("all") ? Timestamp(unixNanoseconds: now - Self.day) : nil
        do {
            let document = LeasesDocument(
                try context.protection.leases(endedSince: since).map { ShownLease($0, at: Timestamp(unixNanoseconds: now)) })
            return try Answer(json: document.json, table: { document.table }).response(to: request)
        } catch let error as ProtectionError { throw Refusal(of: error) }
    }

    @Sendable func end(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let principal = try context.access.principal(of: request, needs: .protect, putsBack: true)
        try request.accept(only: [])
        _ = try AnswerForm(of: request)
        do {
            let release = try context.protection.endLease(parameters["id"], by: principal)
            return try ReleaseDocument(release).response(to: request)
        } catch let error as ProtectionError { throw Refusal(of: error) }
    }
}

extension ReleaseDocument {
    init(_ release: Release) {
        self.init(
            release.outcome, ended: release.ended.map { ShownLease($0) }, isLeftAlone: release.isLeftAlone,
            childrenRestored: release.childrenRestored)
    }

    func response(to request: Request) throws -> Response {
        try Answer(json: json, table: { table }).response(to: request)
    }
}
