import Kernel

extension ProtectionPolicy {
    /// All of `policies` as a policy file has them, to be read again by whoever reads such a file.
    public static func file(of policies: [ProtectionPolicy]) -> [UInt8] {
        Array(("policies:\n" + policies.map(\.text).joined()).utf8)
    }

    private var text: String {
        let lines = [
            "  - name: \(quoted(name))", "    match: {\(match.members.map { "\($0.name): \($0.text)" }.joined(separator: ", "))}",
            "    oom_score_adj: \(adjustment)", "    children: \(children.rawValue)", "    priority: \(priority)",
        ]
        return lines.map { $0 + "\n" }.joined()
    }
}

extension PolicyMatch {
    /// What is given, in YAML's and in JSON's way of writing. A user's name stays in quotes, whatever its letters.
    fileprivate var members: [(name: String, text: String)] {
        var members: [(String, String)] = []
        for (name, glob) in [("unit", unit), ("cgroup", cgroup), ("exe", exe), ("comm", comm)] {
            if let glob { members.append((name, quoted(glob.text))) }
        }
        switch user {
        case .number(let number)?: members.append(("uid", String(number)))
        case .name(let name)?: members.append(("uid", quoted(name)))
        case nil: break
        }
        return members + [("role", role.rawValue)]
    }
}
