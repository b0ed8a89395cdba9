import Diagnosis
public import Kernel

/// `GET /explain`: was it the OOM killer, and what is the proof.
public struct VerdictDocument: Sendable {
    let answer: Answer
    let subject: (name: String, value: String)
    let time: Timestamp
    let tolerance: Nanoseconds
    public var events: [OOMKillsEntry] = []
    public var covered: [Span] = []
    public var uncovered: [Span] = []

    public enum Answer: String, CaseIterable, Sendable {
        case killed
        case notKilled = "not_killed"
        case unknown
    }

    /// A stretch of time; of one boot, where that is known.
    public struct Span: Sendable {
        let from: Timestamp
        let until: Timestamp
        let bootID: String?

        public init(from: Timestamp, until: Timestamp, bootID: String?) {
            self.from = from
            self.until = until
            self.bootID = bootID
        }
    }

    public init(answer: Answer, subject: (name: String, value: String), time: Timestamp, tolerance: Nanoseconds) {
        self.answer = answer
        self.subject = subject
        self.time = time
        self.tolerance = tolerance
    }
}

extension VerdictDocument {
    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("answer", answer.rawValue)
            json.write("summary", summary)
            json.object("question") { json in
                json.write("subject", subject.name)
                json.write("value", subject.value)
                json.write("at", time)
                json.write("within_seconds", tolerance.count / 1_000_000_000)
            }
            json.objects("events", events) { json, entry in json.writeOfList(entry) }
            json.objects("covered", covered) { json, span in json.write(span) }
            json.objects("not_covered", uncovered) { json, span in json.write(span) }
        }
    }

    /// For people.
    public var text: String {
        let proof = answer == .killed ? events.compactMap { $0.diagnosis?.summary.printable } : []
        return ([summary.printable] + proof).joined(separator: "\n") + "\n"
    }

    /// One sentence.
    public var summary: String {
        switch answer {
        case .killed:
            guard let event = events.first?.event else { return "killed by the OOM killer" }
            let victim = event.victims.first
            let name = victim?.comm?.text ?? subject.value
            return "\(name) (\(victim?.processID?.description ?? "?")) was killed by the OOM killer"
                + (event.killedAt.map { " at \($0.rfc3339)" } ?? "") + ": event \(event.id)"
        case .notKilled:
            return "no kernel OOM kill of \(subject.name) \(subject.value) within \(tolerance.count / 1_000_000_000) s of "
                + "\(time.rfc3339): the kernel's log was read without a gap"
        case .unknown: return "cannot know: " + doubts.joined(separator: "; ")
        }
    }

    private var doubts: [String] {
        let gaps = uncovered.map { "not covered from \($0.from.rfc3339) to \($0.until.rfc3339)" }
        let bare = events.prefix(3).map { entry in
            let victim = entry.event.victims.first
            return "\(victim?.comm?.text ?? "?") (\(victim?.processID?.description ?? "?")) was killed"
                + (entry.event.killedAt.map { " at \($0.rfc3339)" } ?? "") + ", and the log does not say in which group"
        }
        return gaps + bare
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ span: VerdictDocument.Span) {
        write("from", span.from)
        write("until", span.until)
        write("boot_id", span.bootID)
    }
}
