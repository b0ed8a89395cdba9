import Diagnosis
public import Kernel

/// `GET /oom-kills`: what the kernel's log says about killed processes, newest first.
public struct OOMKillsDocument: Sendable {
    let events: [OOMEvent]
    /// nil on the last page.
    let nextCursor: String?
    let sources: [SourceState]

    public init(events: [OOMEvent], nextCursor: String?, sources: [SourceState]) {
        self.events = events
        self.nextCursor = nextCursor
        self.sources = sources
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.objects("events", events) { json, event in
                json.write(event)
                json.object("diagnosis") { json in json.writeHeadline(of: OOMDiagnosis(of: event.report)) }
            }
            json.write("next_cursor", nextCursor)
            json.write(sources: sources)
        }
    }

    /// One event with all of its report and its diagnosis.
    public static func json(_ event: OOMEvent, pretty: Bool) -> [UInt8] {
        let (report, diagnosis) = (event.report, OOMDiagnosis(of: event.report))
        return JSONWriter.document(pretty: pretty) { json in
            json.write(event)
            json.write("kernel", report.release)
            json.writeOrigin(of: report)
            json.writeMemory(of: report, diagnosis)
            json.writeTasks(of: report)
            json.object("diagnosis") { json in json.write(diagnosis) }
            json.writeAdditions(of: report)
        }
    }

    /// One event as a person reads it.
    public static func text(_ event: OOMEvent) -> String {
        Explanation(of: event.report, OOMDiagnosis(of: event.report), style: TextStyle()).text
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

    fileprivate mutating func write(_ event: OOMEvent) {
        write("id", event.id)
        write("kind", event.kind.rawValue)
        write("killed_at", event.killedAt)
        write("scope", event.scope.rawValue)
        write("constraint", event.constraint)
        object("victim", of: event.victims.first) { json, victim in json.write(victim) }
        objects("victims", event.victims) { json, victim in json.write(victim) }
        write("victim_cgroup", event.victimCgroup?.text)
        write("limit_cgroup", event.limitCgroup?.text)
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
