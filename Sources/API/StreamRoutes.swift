import Kernel
import MicroHTTP
import Monitor
import Store

/// What happens, as it happens.
struct StreamRoutes: Sendable {
    let hub: StreamHub<LiveEvent>?
    let ledger: EventLedger
    let counts: StreamCounts
    private let documents = StreamDocuments()

    init(hub: StreamHub<LiveEvent>?, ledger: EventLedger, counts: StreamCounts) {
        self.hub = hub
        self.ledger = ledger
        self.counts = counts
    }

    /// How long a client that was cut off shall wait.
    private static let retry = ServerSentEvent.retry(.seconds(2))

    @Sendable func stream(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: Request.eventFilters.union(["after"]))
        // A document is one line of the stream, so it is never indented; a wrong word is refused all the same.
        _ = try request.flag("pretty")
        let filter = StreamFilter(try request.eventQuery(now: ledger.now))
        let last = try place(request)
        guard let hub else {
            throw Refusal(.notFound, "no_stream", "this daemon has no stream", next: "start it without --root")
        }
        return stream(of: hub, after: last, filter).response()
    }

    private func stream(of hub: StreamHub<LiveEvent>, after last: Int?, _ filter: StreamFilter) -> EventStream {
        let end = StreamEnd()
        let sink = StreamSink()
        let listener: StreamHub<LiveEvent>.Listener = { [documents] entry in
            if filter.wants(entry.event) { sink.send(documents.bytes(of: entry)) }
        }
        var readPast: EventStream.Past?
        if let last {
            let past = StreamPast(hub, ledger, filter, documents, after: last)
            readPast = {
                past.next(sink) { mark, seen in
                    guard let stop = hub.listen(after: seen, since: mark, listener) else { return false }
                    end.set(stop)
                    return true
                }
            }
        }
        let stream = EventStream(Self.retry, past: readPast, counts: counts) { end.end() }
        sink.set(stream)
        if last == nil, let stop = hub.listen(listener) { end.set(stop) }
        return stream
    }

    /// `Last-Event-ID` of a client that comes back, `?after=` of one that begins; neither for what is to come only.
    private func place(_ request: Request) throws -> Int? {
        let after = try request.number("after", in: 0...Self.largest)
        guard let text = request.headers["Last-Event-ID"], !text.isEmpty else { return after }
        guard let seq = Int(text), (0...Self.largest).contains(seq) else {
            throw Refusal(
                .badRequest, "bad_parameter", "Last-Event-ID: expected the id of an event, found \(text.debugDescription)",
                next: "send the id that the stream gave, or none")
        }
        return seq
    }

    /// The largest that every reader of JSON keeps exact.
    private static let largest = 1 << 53 - 1
}
