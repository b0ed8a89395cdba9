public import Diagnosis
import Kernel

/// `PUT` and `DELETE /policies/{name}`: what has become of a policy, or would.
public struct PolicyChangeDocument: Sendable {
    let policy: ProtectionPolicy
    let change: Change
    /// Nil where it is no dry run.
    let touched: [ForeseenPolicy]?

    public enum Change: String, Hashable, Sendable {
        case created, changed, unchanged, deleted
    }

    public init(_ policy: ProtectionPolicy, _ change: Change, touched: [ForeseenPolicy]? = nil) {
        self.policy = policy
        self.change = change
        self.touched = touched
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.object("policy") { $0.write(policy) }
            json.write("change", change.rawValue)
            json.write("dry_run", touched != nil)
            json.objects("touched", touched ?? []) { json, process in
                json.write("pid", Int(process.process.rawValue))
                json.write(comm: process.commandName)
                json.write("unit", process.unit)
                json.write("before", process.before.rawValue)
                json.write("after", process.after.rawValue)
                json.write("why_not", process.whyNot)
            }
        }
    }

    public var table: String {
        guard let touched else { return "policy \(policy.name) \(change.rawValue)\n" }
        if touched.isEmpty { return "policy \(policy.name) would be \(change.rawValue) and matches no process now\n" }
        var table = TerminalTable([
            ("PID", .right), ("COMM", .left), ("UNIT", .left), ("BEFORE", .right), ("AFTER", .right), ("WHY NOT", .left),
        ])
        for process in touched {
            table.add([
                process.process.description, process.commandName.text.printable, process.unit?.printable ?? "-",
                process.before.description, process.after.description, process.whyNot ?? "",
            ])
        }
        return "policy \(policy.name) would be \(change.rawValue)\n" + table.text
    }
}
