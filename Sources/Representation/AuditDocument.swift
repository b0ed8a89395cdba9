public import Kernel

/// Entries of the audit, the newest last.
public struct AuditDocument: Sendable {
    let entries: [Entry]
    let notKept: Int?

    public struct Entry: Sendable {
        let id: Int
        let at: Timestamp
        let verb: String
        let result: String
        let action: String
        public var who: (name: String?, address: String?)
        public var process: Process?
        public var adjustments: (before: Int?, after: Int?)
        public var lease: String?
        public var policy: String?
        public var reason: String?
        public var detail: String?

        public init(id: Int, at: Timestamp, verb: String, result: String, action: String) {
            self.id = id
            self.at = at
            self.verb = verb
            self.result = result
            self.action = action
        }
    }

    /// Which process it was.
    public struct Process: Sendable {
        let id: ProcessID
        let command: CommandName?
        let bootID: String
        let startTime: ClockTicks?

        public init(id: ProcessID, command: CommandName?, bootID: String, startTime: ClockTicks?) {
            self.id = id
            self.command = command
            self.bootID = bootID
            self.startTime = startTime
        }
    }

    /// - Parameter notKept: refused attempts that were only counted; nil where that is not known.
    public init(entries: [Entry], notKept: Int?) {
        self.entries = entries
        self.notKept = notKept
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.objects("entries", entries) { json, entry in Self.write(&json, entry) }
            json.write("next_after", entries.last?.id)
            json.write("refusals_not_kept", notKept)
        }
    }

    private static func write(_ json: inout JSONWriter, _ entry: Entry) {
        json.write("id", entry.id)
        json.write("at", entry.at)
        json.write("who", entry.who.name)
        json.write("address", entry.who.address)
        json.write("verb", entry.verb)
        json.write("result", entry.result)
        json.object("process", of: entry.process) { json, process in
            json.write("pid", Int(process.id.rawValue))
            json.write("boot_id", process.bootID)
            json.write("start_time_ticks", process.startTime?.count)
            if let command = process.command { json.write(comm: command) } else { json.write("comm", nil as String?) }
        }
        json.write("before", entry.adjustments.before)
        json.write("after", entry.adjustments.after)
        json.write("lease", entry.lease)
        json.write("policy", entry.policy)
        json.write("reason", entry.reason)
        json.write("detail", entry.detail)
        json.write("action", entry.action)
    }

    public var table: String {
        guard !entries.isEmpty else { return "no entry\n" }
        var table = TerminalTable([
            ("AT", .left), ("WHO", .left), ("VERB", .left), ("PID", .right), ("COMM", .left), ("BEFORE", .right),
            ("AFTER", .right),
            ("RESULT", .left), ("DETAIL", .left),
        ])
        for entry in entries { table.add(Self.row(entry).map(\.printable)) }
        return table.text
    }

    private static func row(_ entry: Entry) -> [String] {
        let said = [entry.lease.map { "lease \($0)" }, entry.policy.map { "policy \($0)" }, entry.reason, entry.detail]
        let who = [entry.who.name, entry.who.address].compactMap { $0 }.joined(separator: " ")
        return [
            entry.at.rfc3339, who.isEmpty ? "-" : who, entry.verb, entry.process.map { "\($0.id)" } ?? "-",
            entry.process?.command?.text ?? "-", entry.adjustments.before.map(String.init) ?? "-",
            entry.adjustments.after.map(String.init) ?? "-", entry.result, said.compactMap { $0 }.joined(separator: "; "),
        ]
    }
}
