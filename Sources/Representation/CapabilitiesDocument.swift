public import Diagnosis
import Kernel

/// What this daemon may do, and what is missing for what.
public struct CapabilitiesDocument: Sendable {
    let actions: Bool
    let isOtherRoot: Bool
    let rights: OwnRights
    let abilities: [Ability]

    public init(actions: Bool, isOtherRoot: Bool, rights: OwnRights, abilities: [Ability]) {
        self.actions = actions
        self.isOtherRoot = isOtherRoot
        self.rights = rights
        self.abilities = abilities
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("actions", actions)
            json.write("other_root", isOtherRoot)
            json.write("uid", Int(rights.user))
            json.write("pid_namespace", Self.namespace(rights.isInitialForPIDs))
            json.write("user_namespace", Self.namespace(rights.isInitialForUsers))
            json.array("capabilities", rights.effective.names) { $0.writeValue($1) }
            json.objects("can", abilities) { json, ability in
                json.write("what", ability.what.rawValue)
                json.write("possible", ability.isPossible)
                json.array("missing", ability.missing) { $0.writeValue($1) }
                json.write("because", ability.reason)
                json.write("next", ability.nextStep)
            }
        }
    }

    public var table: String {
        var table = TerminalTable([("WHAT", .left), ("POSSIBLE", .left), ("MISSING", .left), ("BECAUSE", .left)])
        for ability in abilities {
            table.add([
                ability.what.rawValue, ability.isPossible ? "yes" : "no",
                ability.missing.isEmpty ? "-" : ability.missing.joined(separator: ", "), ability.reason,
            ])
        }
        return "actions are \(actions ? "on" : "off")\n\n" + table.text
            + abilities.compactMap { ability in ability.nextStep.map { "\(ability.what.rawValue): \($0)\n" } }.joined()
    }

    private static func namespace(_ isInitial: Bool?) -> String? { isInitial.map { $0 ? "initial" : "own" } }
}
