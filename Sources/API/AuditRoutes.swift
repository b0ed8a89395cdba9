import Kernel
import MicroHTTP
import Monitor
import Representation
import Store

/// `GET /audit`: who has changed what, or tried to.
struct AuditRoutes: Sendable {
    let context: APIContext

    private static let largest = 1 << 53 - 1

    @Sendable func audit(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["since", "until", "pid", "who", "verb", "result", "limit", "after"])
        let query = try query(request)
        guard let attempts = context.attempts else {
            throw Refusal(
                .notFound, "no_audit", "this daemon keeps no audit: it shows another machine's files",
                next: "start it without --root")
        }
        let entries = try stored { () throws(StoreError) in try attempts.trail.store.entries(query) }
        let document = AuditDocument(entries: entries.map { AuditDocument.Entry($0) }, notKept: attempts.notKept)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    private func query(_ request: Request) throws -> AuditQuery {
        let now = context.watch.ledger.now
        var query = AuditQuery()
        query.since = try request.time("since", now: now)
        query.until = try request.time("until", now: now)
        query.process = try request.number("pid", in: 1...Int(Int32.max)).map { ProcessID(Int32($0)) }
        query.who = request.query["who"]
        query.verb = try request.oneOf("verb")
        query.result = try request.oneOf("result")
        query.limit = try request.number("limit", in: 1...1000) ?? 100
        query.after = try request.number("after", in: 0...Self.largest)
        return query
    }
}

extension Request {
    /// One of the words of an enumeration, or nothing.
    fileprivate func oneOf<Word: RawRepresentable & CaseIterable>(_ name: String) throws -> Word?
    where Word.RawValue == String {
        guard let text = query[name] else { return nil }
        guard let value = Word(rawValue: text) else {
            throw malformed(name, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "), text)
        }
        return value
    }
}
