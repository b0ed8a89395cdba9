public import Diagnosis
import Kernel

/// `GET /policies`: the rules in force, and how each fares.
public struct PoliciesDocument: Sendable {
    let reports: [PolicyReport]
    let watching: ProcessWatching
    let file: PolicyFileState?

    public init(_ reports: [PolicyReport], watching: ProcessWatching, file: PolicyFileState?) {
        self.reports = reports
        self.watching = watching
        self.file = file
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.objects("policies", reports) { json, report in json.write(report) }
            json.object("process_events") { $0.write(watching) }
            json.object("policy_file", of: file) { json, file in
                json.write("path", file.path)
                json.write("reason", file.failure)
            }
        }
    }

    public var table: String {
        if reports.isEmpty { return "no policies\n" }
        var table = TerminalTable([
            ("NAME", .left), ("SOURCE", .left), ("PRIORITY", .right), ("ADJ", .right), ("CHILDREN", .left), ("MATCHED", .right),
            ("APPLIED", .right), ("CONTESTED", .right), ("REFUSED", .right), ("MATCH", .left),
        ])
        for report in reports {
            let policy = report.policy
            table.add([
                policy.name, policy.source.rawValue, String(policy.priority), policy.adjustment.description,
                policy.children.rawValue, String(report.matched), String(report.applied), String(report.contested.count),
                String(report.refused.count), policy.match.summary.printable,
            ])
        }
        return table.text + (file?.failure.map { "the policy file is not in force as it is now: \($0)\n" } ?? "")
    }
}

/// `GET /policies/{name}`: one of them.
public struct PolicyDocument: Sendable {
    let report: PolicyReport

    public init(_ report: PolicyReport) { self.report = report }

    public func json(pretty: Bool) -> [UInt8] { JSONWriter.document(pretty: pretty) { $0.write(report) } }

    public var table: String { PoliciesDocument([report], watching: .off, file: nil).table }
}

/// How new processes are seen.
public enum ProcessWatching: Hashable, Sendable {
    /// Nobody needs to know of any.
    case off
    case events
    /// By a look at all of them every so many seconds.
    case scan(seconds: Int, because: String)
}

/// The administrator's file of policies.
public struct PolicyFileState: Hashable, Sendable {
    public let path: String
    /// Why what is in force is not what it says now.
    public let failure: String?

    public init(path: String, failure: String?) {
        self.path = path
        self.failure = failure
    }
}

extension JSONWriter {
    /// More of one kind would be a list that nobody reads; their number is told.
    private static let mostListed = 100

    public mutating func write(_ watching: ProcessWatching) {
        switch watching {
        case .off: write(watching: "off", nil, nil)
        case .events: write(watching: "events", nil, nil)
        case .scan(let seconds, let because): write(watching: "scan", seconds, because)
        }
    }

    private mutating func write(watching mode: String, _ seconds: Int?, _ because: String?) {
        write("mode", mode)
        write("interval_seconds", seconds)
        write("reason", because)
    }

    mutating func write(_ report: PolicyReport) {
        write(report.policy)
        write("matched", report.matched)
        write("applied", report.applied)
        write("leased", report.leased)
        write("contested_count", report.contested.count)
        objects("contested", report.contested.prefix(Self.mostListed)) { json, found in
            json.write("pid", Int(found.process.rawValue))
            json.write(comm: found.commandName)
            json.write("oom_score_adj", found.adjustment.rawValue)
        }
        write("refused_count", report.refused.count)
        objects("refused", report.refused.prefix(Self.mostListed)) { json, refused in
            json.write("pid", Int(refused.process.rawValue))
            json.write(comm: refused.commandName)
            json.write("reason", refused.why)
        }
    }

    mutating func write(_ policy: ProtectionPolicy) {
        write("name", policy.name)
        write("source", policy.source.rawValue)
        object("match") { json in
            json.write("unit", policy.match.unit?.text)
            json.write("cgroup", policy.match.cgroup?.text)
            json.write("uid", policy.match.user?.description)
            json.write("exe", policy.match.exe?.text)
            json.write("comm", policy.match.comm?.text)
            json.write("role", policy.match.role.rawValue)
        }
        write("oom_score_adj", policy.adjustment.rawValue)
        write("children", policy.children.rawValue)
        write("priority", policy.priority)
    }
}

extension PolicyMatch {
    /// What is given, in one line.
    var summary: String {
        let globs = [
            ("unit", unit?.text), ("cgroup", cgroup?.text), ("uid", user?.description), ("exe", exe?.text), ("comm", comm?.text),
        ]
        let given = globs.compactMap { name, text in text.map { "\(name)=\($0)" } }
        return (given + (role == .main ? ["role=main"] : [])).joined(separator: " ")
    }
}
