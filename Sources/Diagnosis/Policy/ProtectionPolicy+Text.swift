import Kernel

extension ProtectionPolicy {
    /// All of `policies` as a policy file has them, to be read again by whoever reads such a file.
    public static func file(of policies: [ProtectionPolicy]) -> [UInt8] {
        Array(("policies:\n" + policies.map(\.text).joined()).utf8)
    }

    private var text: String {
        let lines = [
            "  - name: \(name.inYAML)", "    match: {\(match.members.map { "\($0.name): \($0.text)" }.joined(separator: ", "))}",
            "    oom_score_adj: \(adjustment)", "    children: \(children.rawValue)", "    priority: \(priority)",
        ]
        return lines.map { $0 + "\n" }.joined()
    }
}

extension PolicyMatch {
    /// What is given. A user's name stays in quotes, whatever its letters.
    fileprivate var members: [(name: String, text: String)] {
        var members: [(String, String)] = []
        for (name, glob) in [("unit", unit), ("cgroup", cgroup), ("exe", exe), ("comm", comm)] {
            if let glob { members.append((name, glob.text.inYAML)) }
        }
        switch user {
        case .number(let number)?: members.append(("uid", String(number)))
        case .name(let name)?: members.append(("uid", name.inYAML))
        case nil: break
        }
        return members + [("role", role.rawValue)]
    }
}

extension String {
    /// In double quotes, and all but plain ASCII escaped: of the rest YAML refuses some characters as they are and takes others
    /// for a blank (YAML 1.1 §5.1, §5.4).
    fileprivate var inYAML: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case " "..."~": text.unicodeScalars.append(scalar)
            default:
                let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
                let digits = String(scalar.value, radix: 16)
                text += "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return text + "\""
    }
}
