import CDocuments
import Kernel
import MicroHTTP
import Monitor
import Representation

/// The routes about the program itself. They are never behind a credential.
struct ServiceRoutes: Sendable {
    let sampler: Sampler<Sample>
    let watch: OOMWatch
    let machine: APIContext.Machine
    let build: BuildInfo

    /// The program answers. That costs no reading of the machine.
    @Sendable func healthy(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try answer(request, HealthDocument(status: "healthy", sources: []), .ok)
    }

    /// Ready once the kernel's log has been read to its end; a source that failed does not hold that back, but is named.
    @Sendable func ready(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let status = watch.status
        let snapshot = sampler.current().snapshot
        let sources = Snapshot.Source.allCases.map { SourceState(source: $0.name, reason: snapshot.failure(of: $0)?.reason) }
        _ = machine.readUsage()
        let document = HealthDocument(
            status: status.isReady ? "ready" : "reading the kernel log",
            sources: sources + [SourceState(of: status)] + machine.sources)
        return try answer(request, document, status.isReady ? .ok : .serviceUnavailable)
    }

    @Sendable func openapi(_ request: Request, _ parameters: PathParameters) throws -> Response {
        Response(try (request.allowsGzip ? Self.compressedOpenAPI : Self.plainOpenAPI).get())
    }

    @Sendable func landing(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let page = LandingPage(version: build.version)
        let wantsHTML = request.preferred(of: [.plainText, .html]) == .html
        let head = SharedBody.head(type: wantsHTML ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
        let text = wantsHTML ? page.html : page.text
        return Response(try SharedBody.encoded(Array(text.utf8), head, isCompressed: request.allowsGzip))
    }

    private func answer(_ request: Request, _ document: HealthDocument, _ status: Status) throws -> Response {
        var response = try Answer(json: document.json, table: { document.table }).response(to: request)
        response.status = status
        return response
    }

    static let openapiText = Array(UnsafeBufferPointer(start: oomwarden_openapi, count: oomwarden_openapi_size))

    private static let plainOpenAPI = openapi(isCompressed: false)
    private static let compressedOpenAPI = openapi(isCompressed: true)

    private static func openapi(isCompressed: Bool) -> Result<SharedBody, any Error> {
        Result { try SharedBody.encoded(openapiText, SharedBody.head(type: "application/yaml"), isCompressed: isCompressed) }
    }
}
