public import Kernel

/// A lease as it is shown: what a process shall have, for whom and until when.
public struct ShownLease: Hashable, Sendable {
    public let id: String
    public let process: ProcessID
    public let adjustment: OOMScoreAdjustment
    public var commandName: CommandName?
    public var owner: String?
    /// `reset` or `inherit`.
    public var children = ""
    public var reason: String?
    public var createdAt = Timestamp(unixNanoseconds: 0)
    public var expiresAt: Timestamp?
    /// Its time is over, and the value of before is not back yet.
    public var isEnding = false
    /// Why not.
    public var lastError: String?
    /// Nil while it is in force.
    public var end: (at: Timestamp, why: String)? {
        get { endedAt.map { ($0, endedWhy) } }
        set { (endedAt, endedWhy) = (newValue?.at, newValue?.why ?? "") }
    }
    private var endedAt: Timestamp?
    private var endedWhy = ""

    public init(id: String, process: ProcessID, adjustment: OOMScoreAdjustment) {
        self.id = id
        self.process = process
        self.adjustment = adjustment
    }

    func write(to json: inout JSONWriter) {
        json.write("id", id)
        json.write("owner", owner)
        json.write("pid", Int(process.rawValue))
        if let commandName { json.write(comm: commandName) } else { json.write("comm", nil as String?) }
        json.write("oom_score_adj", adjustment.rawValue)
        json.write("children", children)
        json.write("reason", reason)
        json.write("created_at", createdAt)
        json.write("expires_at", expiresAt)
        json.write("state", end != nil ? "ended" : isEnding ? "ending" : "active")
        json.write("last_error", lastError)
        json.write("ended_at", end?.at)
        json.write("ended_why", end?.why)
    }
}

/// `GET /leases`.
public struct LeasesDocument: Sendable {
    let leases: [ShownLease]

    public init(_ leases: [ShownLease]) { self.leases = leases }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.objects("leases", leases) { json, lease in lease.write(to: &json) }
        }
    }

    public var table: String {
        if leases.isEmpty { return "nothing is protected by a lease\n" }
        var table = TerminalTable([
            ("LEASE", .left), ("PID", .right), ("COMM", .left), ("ADJ", .right), ("CHILDREN", .left), ("OWNER", .left),
            ("UNTIL", .left), ("REASON", .left),
        ])
        for lease in leases {
            table.add([
                lease.id, lease.process.description, lease.commandName?.text.printable ?? "-", lease.adjustment.description,
                lease.children, lease.owner?.printable ?? "-", Self.until(lease), lease.reason?.printable ?? "-",
            ])
        }
        return table.text
    }

    private static func until(_ lease: ShownLease) -> String {
        if let end = lease.end { return "\(end.at.rfc3339), \(end.why)" }
        if lease.isEnding { return "ending" + (lease.lastError.map { ", tried again: \($0.printable)" } ?? "") }
        return lease.expiresAt?.rfc3339 ?? "its end"
    }
}
