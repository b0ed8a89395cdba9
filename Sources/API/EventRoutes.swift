import Kernel
import MicroHTTP
import Monitor
import Representation

/// What the kernel's log says about killed processes.
struct EventRoutes: Sendable {
    let watch: OOMWatch

    /// A log that cannot be read and has told nothing is no empty list.
    @Sendable func events(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["limit", "cursor", "cgroup", "kind"])
        var query = OOMEventQuery(limit: try request.number("limit", in: 1...1000) ?? 100)
        if let text = request.query["cursor"] {
            guard let cursor = OOMEventCursor(text) else {
                throw request.malformed("cursor", "the next_cursor of an earlier answer", text)
            }
            query.cursor = cursor
        }
        query.cgroup = try request.cgroup("cgroup")
        query.kinds = try kinds(of: request)
        let status = watch.status
        let page = watch.events(query)
        if page.events.isEmpty { try checkIsReadable(status) }
        let document = OOMKillsDocument(events: page.events, nextCursor: page.next?.text, sources: [SourceState(of: status)])
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func event(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        guard let event = watch.event(parameters["id"]) else {
            try checkIsReadable(watch.status)
            throw Refusal(
                .notFound, "no_such_event",
                "there is no event \(parameters["id"].debugDescription), or it was forgotten for newer ones",
                next: "GET /oom-kills lists the events that are kept")
        }
        return try Answer(
            json: { OOMKillsDocument.json(event, pretty: $0) }, table: { OOMKillsDocument.text(event) }
        ).response(to: request)
    }

    /// What is not found in a log that cannot be read may be there all the same.
    private func checkIsReadable(_ status: KernelLogStatus) throws {
        if !status.isUp, let reason = status.reason { throw Refusal(unreadable: reason, source: "kmsg") }
    }

    /// `?kind=kill,no_kill`, or one `kind=` for each; nil where the client does not ask.
    private func kinds(of request: Request) throws -> Set<OOMReport.Kind>? {
        let words = request.query.values("kind").flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard !words.isEmpty else { return nil }
        return Set(
            try words.map { word in
                guard let kind = OOMReport.Kind(rawValue: String(word)) else {
                    let known = OOMReport.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw request.malformed("kind", "some of " + known, String(word))
                }
                return kind
            })
    }
}

extension SourceState {
    init(of status: KernelLogStatus) {
        let reason = status.isUp ? nil : status.reason?.reason ?? "not read yet"
        self.init(source: "kmsg", reason: reason)
    }
}

extension KernelLogCounts {
    /// Every scope is there, those without a kill with 0.
    init(of watch: OOMWatch, _ vmStat: VMStat?) {
        let counters = watch.counters
        self.init(
            kills: OOMScope.allCases.map { ($0.rawValue, counters.victims[$0] ?? 0) },
            events: OOMScope.allCases.map { ($0.rawValue, counters.events[$0] ?? 0) },
            recordsLost: Int(clamping: counters.losses.records), isUp: watch.status.isUp,
            unexplained: watch.unexplainedKills(counted: vmStat?.oomKills))
    }
}
