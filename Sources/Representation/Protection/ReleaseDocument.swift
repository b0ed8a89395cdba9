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
            json.object("process", of: outcome) { json, outcome in ProtectionDocument.write(&json, outcome) }
            json.objects("ended", ended) { json, lease in lease.write(to: &json) }
            json.write("left_alone", isLeftAlone)
            json.write("children_restored", childrenRestored)
        }
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
