public import Diagnosis
import Kernel

/// What the end of leases has changed or would change.
public struct ReleaseDocument: Sendable {
    /// Nil where the process had ended.
    let outcome: ProtectionOutcome?
    let ended: [ShownLease]
    /// Somebody else had changed the value since.
    let isLeftAlone: Bool
    let childrenRestored: Int

    public init(_ outcome: ProtectionOutcome?, ended: [ShownLease], isLeftAlone: Bool, childrenRestored: Int) {
        self.outcome = outcome
        self.ended = ended
        self.isLeftAlone = isLeftAlone
        self.childrenRestored = childrenRestored
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            if let outcome { ProtectionDocument.write(&json, outcome) } else { writeEnded(&json) }
            json.objects("ended", ended) { json, lease in lease.write(to: &json) }
            json.write("left_alone", isLeftAlone)
            json.write("children_restored", childrenRestored)
        }
    }

    /// The members of an outcome, of a process that there is none of.
    private func writeEnded(_ json: inout JSONWriter) {
        json.write("pid", (ended.first?.process.rawValue).map(Int.init))
        if let name = ended.first?.commandName { json.write(comm: name) } else { json.write("comm", nil as String?) }
        json.write("before", nil as Int?)
        json.write("after", nil as Int?)
        json.write("changed", false)
        json.write("dry_run", false)
        json.array("also_changed", [ProcessID]()) { json, process in json.writeValue(Int(process.rawValue)) }
        json.write("certain", true)
    }

    public var table: String {
        guard let outcome else { return "the process has ended\n" }
        if isLeftAlone {
            return
                "\(outcome.commandName.text.printable) (\(outcome.process)) was left alone at \(outcome.after.adjustment): somebody else has set that\n"
        }
        let children = childrenRestored == 0 ? "" : "children that got theirs back as well: \(childrenRestored)\n"
        return ProtectionDocument.line(outcome) + children
    }
}
