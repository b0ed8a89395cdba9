/// One event with the minutes around it, for `oomwarden kills show`.
public struct KillDocument: Sendable {
    private let entry: OOMKillsEntry
    /// nil where the recorder did not run, or the event is older than our first start.
    private let timeline: TimelineDocument?

    public init(_ entry: OOMKillsEntry, timeline: TimelineDocument?) {
        self.entry = entry
        self.timeline = timeline
    }

    /// `{"event": as /oom-kills/{id}, "timeline": as its /timeline, or null}`
    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.object("event") { OOMKillsDocument.write(entry, to: &$0) }
            json.object("timeline", of: timeline) { json, timeline in timeline.write(to: &json) }
        }
    }

    public var text: String {
        let minutes = timeline?.table ?? "nothing was recorded around it: the daemon did not run, or the event was imported\n"
        return OOMKillsDocument.text(entry) + "\nTHE MINUTES BEFORE\n" + minutes
    }
}
