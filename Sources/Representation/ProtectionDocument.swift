public import Diagnosis
import Kernel

/// What protecting a process, or taking that back, has changed or would change.
public struct ProtectionDocument: Sendable {
    let outcome: ProtectionOutcome

    public init(_ outcome: ProtectionOutcome) { self.outcome = outcome }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("pid", Int(outcome.process.rawValue))
            json.write(comm: outcome.commandName)
            json.object("before") { Self.write(&$0, outcome.before) }
            json.object("after") { Self.write(&$0, outcome.after) }
            json.write("changed", outcome.changed)
            json.write("dry_run", outcome.isDryRun)
            json.array("also_changed", outcome.alsoChanged) { json, process in json.writeValue(Int(process.rawValue)) }
            json.write("certain", outcome.isCertain)
        }
    }

    public var table: String {
        let verb = outcome.isDryRun ? "would have" : "has"
        let change =
            outcome.changed
            ? "\(outcome.before.adjustment) before, \(outcome.after.adjustment) after" : "\(outcome.after.adjustment), unchanged"
        return "\(outcome.commandName.text.printable) (\(outcome.process)) \(verb) oom_score_adj \(change)\n"
    }

    private static func write(_ json: inout JSONWriter, _ standing: ProtectionOutcome.Standing) {
        json.write("oom_score_adj", standing.adjustment.rawValue)
        json.write("oom_score", standing.score)
    }
}
