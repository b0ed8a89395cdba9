import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation
import Store

/// What has happened: lists, single events, counts, and whether something was the OOM killer's doing.
struct EventRoutes: Sendable {
    let watch: OOMWatch
    let sampler: Sampler<Sample>

    private var ledger: EventLedger { watch.ledger }

    /// A log that cannot be read and has told nothing is no empty list.
    @Sendable func events(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: Request.eventFilters.union(["limit", "cursor"]))
        var query = try request.eventQuery(now: ledger.now)
        query.limit = try request.number("limit", in: 1...1000) ?? 100
        query.wantsEvidence = true
        if let text = request.query["cursor"] {
            guard let cursor = EventCursor(text) else {
                throw request.malformed("cursor", "the next_cursor of an earlier answer", text)
            }
            query.cursor = cursor
        }
        let status = watch.status
        let page = ledger.events(query)
        if page.events.isEmpty { try checkIsReadable(status, page.failure) }
        let document = OOMKillsDocument(
            events: page.events.map { OOMKillsEntry($0) }, nextCursor: page.next?.text,
            sources: [SourceState(of: status)] + SourceState.ofStore(ledger.status, page.failure))
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func event(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        guard let shown = try stored({ () throws(StoreError) in try ledger.event(parameters["id"]) }) else {
            try checkIsReadable(watch.status, nil)
            throw Refusal(
                .notFound, "no_such_event",
                "there is no event \(parameters["id"].debugDescription), or it was forgotten for its age",
                next: "GET /oom-kills lists the events that are kept")
        }
        let entry = OOMKillsEntry(shown)
        return try Answer(
            json: { OOMKillsDocument.json(entry, pretty: $0) }, table: { OOMKillsDocument.text(entry) }
        ).response(to: request)
    }

    @Sendable func stats(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: Request.eventFilters.union(["by", "window", "limit"]))
        var query = try request.eventQuery(now: ledger.now)
        query.limit = try request.number("limit", in: 1...1000) ?? 100
        if let window = try request.span("window") {
            query.since = Timestamp(unixNanoseconds: ledger.now.unixNanoseconds &- window.count)
        }
        let key = try request.word("by", default: EventKey.cause)
        let counts = try stored { () throws(StoreError) in try ledger.counts(by: key, query) }
        let counted = sampler.current().snapshot.vmStat.value?.oomKills
        let recorded = try stored { () throws(StoreError) in try ledger.victimsOfThisBoot() }
        let document = KillStatsDocument(
            by: key.rawValue, span: (query.since, query.until),
            counts: counts.map { KillStatsDocument.Count($0.value, $0.events) },
            conservation: KillStatsDocument.Conservation(
                bootID: ledger.bootID, counted: counted, recorded: recorded, unexplained: watch.unexplainedKills(counted: counted)
            ))
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func explain(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["pid", "container", "unit", "comm", "at", "within"])
        let question = try request.killQuestion(now: ledger.now)
        let verdict = try stored { () throws(StoreError) in try ledger.explain(question) }
        let document = VerdictDocument(verdict)
        return try Answer(json: document.json, table: { document.text }).response(to: request)
    }

    /// What is not found in a log that cannot be read may be there all the same.
    private func checkIsReadable(_ status: KernelLogStatus, _ failure: StoreError?) throws {
        if let failure { throw Refusal(unreadable: failure) }
        if !status.isUp, let reason = status.reason { throw Refusal(unreadable: reason, source: "kmsg") }
    }
}

/// What the history has; where it cannot be read, a refusal that says so.
func stored<T>(_ read: () throws(StoreError) -> T) throws -> T {
    do throws(StoreError) { return try read() } catch { throw Refusal(unreadable: error) }
}

extension Refusal {
    init(unreadable error: StoreError) {
        self.init(
            .serviceUnavailable, "store_unreadable", "the history could not be read: \(error.sentence)",
            next: "the log of the daemon has the path and the reason")
    }
}

extension SourceState {
    init(of status: KernelLogStatus) {
        let reason = status.isUp ? nil : status.reason?.reason ?? "not read yet"
        self.init(source: "kmsg", reason: reason)
    }

    /// Nothing where events are in memory only.
    static func ofStore(_ status: StoreStatus, _ failure: StoreError? = nil) -> [SourceState] {
        guard status.isUsed else { return [] }
        return [SourceState(source: "store", reason: (failure ?? status.failure)?.sentence)]
    }
}

extension KernelLogCounts {
    /// Every scope and cause is there, those without a kill with 0.
    init(of watch: OOMWatch, _ vmStat: VMStat?) {
        let counters = watch.ledger.counters
        self.init(
            kills: OOMScope.allCases.map { ($0.rawValue, counters.victimsByScope[$0] ?? 0) },
            events: OOMScope.allCases.map { ($0.rawValue, counters.eventsByScope[$0] ?? 0) },
            recordsLost: counters.lostRecords, isUp: watch.status.isUp,
            unexplained: watch.unexplainedKills(counted: vmStat?.oomKills))
        causes = Cause.allCases.map { ($0.rawValue, counters.victimsByCause[$0] ?? 0) }
        lastKill = counters.lastKill
        let status = watch.ledger.status
        guard status.isUsed else { return }
        store = Store(
            isUp: status.failure == nil, size: status.size, writeErrors: status.writeErrors, backlog: status.backlog,
            dropped: status.dropped)
    }
}
