public import Diagnosis
import Kernel

/// What protecting a process has changed or would change, and by which lease.
public struct ProtectionDocument: Sendable {
    let outcome: ProtectionOutcome
    let lease: ShownLease
    let isRenewed: Bool
    /// The id of a stronger lease.
    let outrankedBy: String?
    /// Nil where they could not be counted.
    let descendants: Int?

    public init(
        _ outcome: ProtectionOutcome, lease: ShownLease, isRenewed: Bool, outrankedBy: String?, descendants: Int?
    ) {
        self.outcome = outcome
        self.lease = lease
        self.isRenewed = isRenewed
        self.outrankedBy = outrankedBy
        self.descendants = descendants
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            Self.write(&json, outcome)
            json.object("lease") { lease.write(to: &$0) }
            json.write("renewed", isRenewed)
            json.write("outranked_by", outrankedBy)
            json.write("descendants", descendants)
        }
    }

    public var table: String {
        let until = lease.expiresAt.map { "until \($0.rfc3339)" } ?? "without end"
        let outranked = outrankedBy.map { "lease \($0) is stronger, so that it has that value\n" } ?? ""
        return Self.line(outcome) + "lease \(lease.id), \(until)\n" + outranked
    }

    static func line(_ outcome: ProtectionOutcome) -> String {
        let verb = outcome.isDryRun ? "would have" : "has"
        let change =
            outcome.changed
            ? "\(outcome.before.adjustment) before, \(outcome.after.adjustment) after" : "\(outcome.after.adjustment), unchanged"
        return "\(outcome.commandName.text.printable) (\(outcome.process)) \(verb) oom_score_adj \(change)\n"
    }

    static func write(_ json: inout JSONWriter, _ outcome: ProtectionOutcome) {
        json.write("pid", Int(outcome.process.rawValue))
        json.write(comm: outcome.commandName)
        json.object("before") { Self.write(&$0, outcome.before) }
        json.object("after") { Self.write(&$0, outcome.after) }
        json.write("changed", outcome.changed)
        json.write("dry_run", outcome.isDryRun)
        json.array("also_changed", outcome.alsoChanged) { json, process in json.writeValue(Int(process.rawValue)) }
        json.write("certain", outcome.isCertain)
    }

    private static func write(_ json: inout JSONWriter, _ standing: ProtectionOutcome.Standing) {
        json.write("oom_score_adj", standing.adjustment.rawValue)
        json.write("oom_score", standing.score)
    }
}
