public import Diagnosis
public import Kernel

/// `GET /oom-kills`: what the kernel's log says about killed processes, newest first.
public struct OOMKillsDocument: Sendable {
    let events: [OOMKillsEntry]
    /// nil on the last page.
    let nextCursor: String?
    let sources: [SourceState]

    public init(events: [OOMKillsEntry], nextCursor: String?, sources: [SourceState]) {
        self.events = events
        self.nextCursor = nextCursor
        self.sources = sources
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.objects("events", events) { json, entry in json.writeOfList(entry) }
            json.write("next_cursor", nextCursor)
            json.write(sources: sources)
        }
    }

    /// One event with all of its report and its diagnosis.
    public static func json(_ entry: OOMKillsEntry, pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { write(entry, to: &$0) }
    }

    static func write(_ entry: OOMKillsEntry, to json: inout JSONWriter) {
        let report = entry.event.report
        json.write(entry)
        json.write("kernel", report.release)
        json.writeOrigin(of: report)
        json.writeMemory(of: report, entry.diagnosis ?? OOMDiagnosis(of: report))
        json.writeTasks(of: report)
        json.object("diagnosis", of: entry.diagnosis) { json, diagnosis in json.write(diagnosis) }
        json.writeAdditions(of: report)
    }

    /// One event as a person reads it.
    public static func text(_ entry: OOMKillsEntry) -> String {
        guard let diagnosis = entry.diagnosis else {
            let lost = entry.record.lostRecords.map { "\($0) records of the kernel's log" }
            let what = entry.record.stall.map { StallDocument($0).line } ?? lost ?? entry.event.id
            return "\(entry.record.kind): \(what)\n"
        }
        var style = TextStyle()
        style.isLive = entry.event.report.transport == .kmsg
        return Explanation(of: entry.event.report, diagnosis, style: style).text
    }
}

/// An event with what is thought and known of it.
public struct OOMKillsEntry: Sendable {
    public let event: OOMEvent
    public let diagnosis: OOMDiagnosis?
    let record: Record

    /// What the ledger knows beside the report.
    public struct Record: Sendable {
        /// The event's; a report has fewer.
        public var kind: String
        public var seq = 0
        public var revision = 1
        public var isDurable = false
        public var isLive = true
        public var isTimeEstimated = false
        public var sources: [String] = []
        public var unit: String?
        public var container: String?
        public var pod: String?
        public var lostRecords: Int?
        public var stall: Stall?
        /// Whose limit it was as far as somebody knew, where the log does not say.
        public var derivedLimit: CgroupPath?

        public init(kind: String) { self.kind = kind }
    }

    public init(_ event: OOMEvent, _ diagnosis: OOMDiagnosis?, _ record: Record) {
        self.event = event
        self.diagnosis = diagnosis
        self.record = record
    }
}

/// Whether a source can be read, and why not.
public struct SourceState: Hashable, Sendable {
    public let source: String
    /// nil where all is well.
    public let reason: String?

    public init(source: String, reason: String?) {
        self.source = source
        self.reason = reason
    }

    public var isUp: Bool { reason == nil }
}

extension JSONWriter {
    mutating func write(sources: [SourceState]) {
        objects("sources", sources) { json, state in
            json.write("source", state.source)
            json.write("up", state.isUp)
            json.write("reason", state.reason)
        }
    }

    /// As a list has it: with the headline of the diagnosis.
    mutating func writeOfList(_ entry: OOMKillsEntry) {
        write(entry)
        object("diagnosis", of: entry.diagnosis) { json, diagnosis in json.writeHeadline(of: diagnosis) }
    }

    fileprivate mutating func write(_ entry: OOMKillsEntry) {
        let (event, record) = (entry.event, entry.record)
        write("id", event.id)
        write("seq", record.seq)
        write("revision", record.revision)
        write("kind", record.kind)
        write("killed_at", event.killedAt)
        write("time_estimated", record.isTimeEstimated)
        write("durable", record.isDurable)
        write("live", record.isLive)
        write("sources", record.sources)
        write("scope", event.scope.rawValue)
        write("constraint", event.constraint)
        object("victim", of: event.victims.first) { json, victim in json.write(victim) }
        objects("victims", event.victims) { json, victim in json.write(victim) }
        write("victim_cgroup", event.victimCgroup?.text)
        write("limit_cgroup", (event.limitCgroup ?? record.derivedLimit)?.text)
        write("limit_cgroup_derived", event.limitCgroup == nil && record.derivedLimit != nil)
        write("unit", record.unit)
        write("container", record.container)
        write("pod", record.pod)
        object("invoker", of: event.invoker) { json, invoker in
            json.write("pid", (invoker.processID?.rawValue).map(Int.init))
            json.write(comm: invoker.comm)
            json.write("oom_score_adj", invoker.scoreAdjustment)
        }
        object("request", of: event.request) { json, request in
            json.write("gfp_mask", request.mask?.hexadecimal)
            json.write("gfp_flags", request.mask?.flags)
            json.write("order", request.order)
            json.write("request", request.kind?.rawValue)
        }
        write("report", event.completeness.rawValue)
        write("lost_records", record.lostRecords)
        object("stall", of: record.stall) { json, stall in StallDocument(stall).write(to: &json) }
    }

    mutating func write(_ victim: Victim) {
        write("pid", (victim.processID?.rawValue).map(Int.init))
        write(comm: victim.comm)
        write("uid", victim.userID)
        write("oom_score_adj", victim.scoreAdjustment)
        write("total_vm_bytes", victim.memory.total)
        write("anon_rss_bytes", victim.memory.anonymous)
        write("file_rss_bytes", victim.memory.file)
        write("shmem_rss_bytes", victim.memory.shared)
        write("pgtables_bytes", victim.memory.pageTables)
    }

    /// The name as text, and as bytes where the text had to be repaired.
    mutating func write(comm: CommandName?) {
        write("comm", comm?.text)
        guard let comm, Array(comm.text.utf8) != comm.bytes else { return }
        write("comm_hex", comm.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}
