import Kernel
import MicroHTTP
import Monitor
import Representation

/// What happens, as it happens.
struct StreamRoutes: Sendable {
    let hub: StreamHub<LiveEvent>?

    /// How long a client that was cut off shall wait.
    private static let retry = ServerSentEvent.retry(.seconds(2))

    /// What a client asks for; the same words as `GET /oom-kills` takes.
    private struct Filter: Sendable {
        var kinds: Set<LiveEvent.Kind>?
        var cgroup: CgroupPath?

        func wants(_ event: LiveEvent) -> Bool {
            if let kinds, !kinds.contains(event.kind) { return false }
            guard let cgroup else { return true }
            return event.cgroups.contains { $0.isSameOrBelow(cgroup) }
        }
    }

    @Sendable func stream(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["after", "kind", "cgroup"])
        // A document is one line of the stream, so it is never indented; a wrong word is refused all the same.
        _ = try request.flag("pretty")
        let filter = Filter(
            kinds: try request.query["kind"].map { try kinds($0, request) },
            cgroup: try request.query["cgroup"].map { try request.cgroup("cgroup", $0) })
        let last = try place(request)
        guard let hub else {
            throw Refusal(.notFound, "no_stream", "this daemon has no stream", next: "start it without --root")
        }
        let end = StreamEnd()
        let stream = EventStream(Self.retry) { end.end() }
        end.set(
            hub.listen(after: last) { entry in
                guard filter.wants(entry.event) else { return }
                stream.send(entry.bytes)
            })
        return stream.response()
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

    private func kinds(_ text: String, _ request: Request) throws -> Set<LiveEvent.Kind> {
        Set(
            try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let kind = LiveEvent.Kind(rawValue: String(word)) else {
                    let known = LiveEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw request.malformed("kind", "some of " + known, text)
                }
                return kind
            })
    }
}

extension StreamHub<LiveEvent>.Entry {
    fileprivate var bytes: [UInt8] {
        var data = event.json
        if data.last == UInt8(ascii: "\n") { data.removeLast() }
        return ServerSentEvent.bytes(id: String(seq), event: event.kind.rawValue, data: data)
    }
}

extension LiveEvent {
    fileprivate var json: [UInt8] {
        switch self {
        case .report(let event): OOMKillsDocument.json(event, pretty: false)
        case .stall(let stall): StallDocument(stall).json(pretty: false)
        case .zones(let change): ZoneChangeDocument(change).json(pretty: false)
        }
    }
}
