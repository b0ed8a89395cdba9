import Foundation
import MicroHTTP
import Support
import Synchronization

/// A route table for tests, and servers for it.
enum Toy {
    struct Refusal: Error {}

    static let routes = [
        Route(.get, "/") { _, _ in text("root") },
        Route(.get, "/words/{word}") { _, parameters in text("word \(parameters["word"])") },
        Route(.get, "/words/special") { _, _ in text("special") },
        Route(.post, "/words/{name}") { request, parameters in
            text("\(parameters["name"])=\(String(decoding: request.body, as: UTF8.self))", .created)
        },
        Route(.get, "/query") { request, _ in text("a=\(request.query["a"] ?? "nil")") },
        Route(.post, "/size") { request, _ in text(String(request.body.count)) },
        Route(.get, "/shared") { _, _ in Response(shared) },
        Route(.get, "/unchanged") { _, _ in Response(shared, .notModified) },
        Route(.get, "/throws") { _, _ in throw Refusal() },
        Route(.get, "/split") { _, _ in Response(headers: ["X-Odd": "one\r\ntwo"], body: .bytes(Array("lost".utf8))) },
        Route(.get, "/peer") { request, _ in text(request.peer.description) },
        Route(.get, "/accept") { request, _ in text(request.headers.values("Accept").joined(separator: "|")) },
    ]

    static let shared: SharedBody = {
        do {
            return try SharedBody(Array("shared body".utf8), headers: ["Content-Type": "text/plain", "Vary": "Accept"])
        } catch { fatalError("\(error)") }
    }()

    static let router = Router(
        routes, faults: renderFault,
        errors: { error, _ in text("error \(type(of: error))", .internalServerError) })

    static let renderFault: FaultRenderer = { fault, _ in text("fault \(fault.kind): \(fault.detail)", fault.status) }

    static func text(_ text: String, _ status: Status = .ok) -> Response {
        Response(status, type: "text/plain", body: Array(text.utf8))
    }

    /// A server for the table on a port of its own; `extra` routes come on top.
    static func server(
        _ limits: Limits = Limits(), listen: ListenAddress = .tcp(host: "127.0.0.1", port: 0), extra: [Route] = [],
        events: EventLog = EventLog()
    ) throws -> HTTPServer {
        let router = Router(routes + extra, faults: renderFault, errors: { _, _ in text("error", .internalServerError) })
        return try HTTPServer(
            listen: [listen], limits: limits, responder: { router.respond(to: $0) }, faults: renderFault,
            events: { events.append($0) })
    }
}

/// What a server told.
final class EventLog: Sendable {
    private let events = Mutex<[ServerEvent]>([])

    func append(_ event: ServerEvent) { events.withLock { $0.append(event) } }

    var all: [ServerEvent] { events.withLock { $0 } }

    var refusals: [HTTPFault.Kind] {
        all.compactMap { if case .refused(let fault, _) = $0 { fault.kind } else { nil } }
    }

    var overdue: [Overdue] {
        all.compactMap { if case .overdue(let overdue, _) = $0 { overdue } else { nil } }
    }
}

extension HTTPServer {
    /// A connection to its first address.
    func client() throws -> RawClient { try RawClient(addresses[0], of: self) }

    func get(_ target: String) throws -> RawResponse {
        let client = try client()
        client.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        return try client.response()
    }
}

/// Waits for something that will be so soon, with a bound.
func eventually(within seconds: Double = 5, _ condition: () -> Bool) -> Bool {
    let end = Date() + seconds
    while Date() < end {
        if condition() { return true }
        usleep(2000)
    }
    return condition()
}
