import Kernel
import MicroHTTP
import Monitor
import Representation
import Store

/// What the flight recorder has.
struct HistoryRoutes: Sendable {
    let recorder: FlightRecorder?
    let watch: OOMWatch
    let sampler: Sampler<Sample>

    /// Samples of one answer; a longer span is told in longer steps.
    private static let mostSamples = 2_000

    @Sendable func history(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["from", "to", "step"])
        let now = sampler.current().snapshot.takenAt
        let end = try request.time("to", now: now) ?? now
        let start = try request.time("from", now: now) ?? Timestamp(unixNanoseconds: end.unixNanoseconds - 300_000_000_000)
        guard start <= end else { throw request.malformed("from", "a time before to", request.query["from"] ?? "") }
        let step = try step(request, end.unixNanoseconds - start.unixNanoseconds)
        let recording = try running().recording(from: start, to: end, step: step)
        return try answer(HistoryDocument(recording: recording, pageSize: pageSize)).response(to: request)
    }

    @Sendable func timeline(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        let id = parameters["id"]
        let recorder = try running()
        let killedAt = try stored { () throws(StoreError) in try watch.ledger.event(id)?.event.record.killedAt }
        let kept = try stored { () throws(StoreError) in try watch.ledger.attachment(TimelineDocument.kind, of: id) }
        let timeline =
            kept.flatMap { Timeline(decoding: $0.data) } ?? recorder.timeline(of: id) ?? killedAt.map(recorder.timeline)
        guard let timeline, !timeline.isEmpty else {
            throw Refusal(
                .notFound, "no_timeline", "nothing was recorded around an event \(id.debugDescription)",
                next:
                    "GET /oom-kills lists the events; the recorder keeps 15 minutes by the second and a day by the quarter minute"
            )
        }
        let document = TimelineDocument(id: id, killedAt: killedAt, timeline: timeline, pageSize: pageSize)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    private func answer(_ document: HistoryDocument) -> Answer { Answer(json: document.json, table: { document.table }) }

    private var pageSize: PageSize { sampler.current().snapshot.pageSize }

    private func step(_ request: Request, _ span: Int) throws -> Nanoseconds {
        let least = span / Self.mostSamples
        let asked = try request.span("step")?.count ?? 0
        // The ring holds whole seconds: a step between them would leave out samples unevenly.
        let seconds = (max(asked, least) + 999_999_999) / 1_000_000_000
        return Nanoseconds(seconds > 1 ? seconds * 1_000_000_000 : 0)
    }

    private func running() throws -> FlightRecorder {
        guard let recorder else {
            throw Refusal(
                .notFound, "no_recorder", "this daemon records nothing: it shows another machine's files",
                next: "start it without --root")
        }
        return recorder
    }
}

extension Timeline {
    fileprivate var isEmpty: Bool { fine.isEmpty && coarse.isEmpty }
}
