public import Kernel

/// Makes policies of their text and refuses those that nobody could mean, or that would let anybody protect himself.
public struct PolicyReader: Sendable {
    private let source: String

    /// - Parameter source: what errors begin with: a file's name, or `body`.
    public init(source: String) { self.source = source }

    /// The whole of a policy file: `policies:` with a list of them, each with its name.
    ///
    ///     policies: [{name: db, match: {unit: "postgresql*.service"}, oom_score_adj: -800}]
    ///
    /// - Throws: for the first thing that is wrong; then none of them counts.
    public func policies(in root: PolicyNode) throws(ParseError) -> [ProtectionPolicy] {
        let members = try members(of: root, "", known: ["policies"])
        guard let list = members["policies"] else {
            throw error(root, "policies", expected: "a list of policies", found: root.found)
        }
        if case .null = list.value { return [] }
        guard case .list(let nodes) = list.value else { throw error(list, "policies", expected: "a list of policies") }
        guard nodes.count <= PolicySet.most else {
            throw error(list, "policies", expected: "at most \(PolicySet.most) policies", found: String(nodes.count))
        }
        var policies: [ProtectionPolicy] = []
        var names: Set<String> = []
        for node in nodes {
            var policy = try self.policy(in: node, name: nil)
            policy.source = .file
            guard names.insert(policy.name).inserted else {
                throw error(node, "name", expected: "each name once", found: policy.name)
            }
            policies.append(policy)
        }
        return policies
    }

    /// - Parameter name: nil where the text itself has it.
    public func policy(in node: PolicyNode, name: String?) throws(ParseError) -> ProtectionPolicy {
        let known = ["match", "oom_score_adj", "children", "priority"]
        let members = try members(of: node, "", known: name == nil ? ["name"] + known : known)
        let match = try match(in: required("match", in: members, of: node))
        let adjustment = try required("oom_score_adj", in: members, of: node)
        let value = try integer(adjustment, "oom_score_adj", in: OOMScoreAdjustment.range)
        guard value >= 0 || match.isUnforgeable else {
            throw error(
                adjustment, "oom_score_adj",
                expected: "0 or more: lowering needs a match that nobody can forge, unit or cgroup, or uid with exe",
                found: "\(value)")
        }
        return ProtectionPolicy(
            name: try policyName(name, in: members, of: node), match: match,
            adjustment: OOMScoreAdjustment(value) ?? .neutral,
            children: try children(in: members["children"]), priority: try priority(in: members["priority"]))
    }

    private func children(in node: PolicyNode?) throws(ParseError) -> ChildrenRule {
        guard let node else { return .reset }
        return try word(node, "children")
    }

    private func priority(in node: PolicyNode?) throws(ParseError) -> Int {
        guard let node else { return 0 }
        return try integer(node, "priority", in: -1000...1000)
    }

    /// False for a name that could not stand in a path as it is.
    public static func isName(_ text: String) -> Bool { PlainName.isOne(text, marks: "._-@") && !text.hasPrefix(".") }

    public static let nameRule = "1 to 64 letters, digits or any of . _ - @, no dot first"

    private func policyName(
        _ given: String?, in members: [String: PolicyNode], of node: PolicyNode
    ) throws(ParseError) -> String {
        if let given { return given }
        let node = try required("name", in: members, of: node)
        let text = try text(node, "name")
        guard Self.isName(text) else { throw error(node, "name", expected: Self.nameRule) }
        return text
    }
}

// The match.
extension PolicyReader {
    private func match(in node: PolicyNode) throws(ParseError) -> PolicyMatch {
        let members = try members(of: node, "match", known: ["unit", "cgroup", "uid", "exe", "comm", "role"])
        var match = PolicyMatch()
        match.unit = try glob(members["unit"], "match.unit", .name, "a unit's name such as postgresql*.service") {
            !$0.contains("/")
        }
        match.cgroup = try glob(members["cgroup"], "match.cgroup", .path, "a path from the root such as /system.slice/**") {
            $0.hasPrefix("/")
        }
        match.exe = try glob(members["exe"], "match.exe", .path, "an absolute path such as /usr/sbin/*") { $0.hasPrefix("/") }
        match.comm = try glob(members["comm"], "match.comm", .name, "a name of at most 15 bytes, as the kernel keeps it") {
            text in
            text.utf8.count <= 15 || text.contains { "*?[\\".contains($0) }
        }
        if let node = members["uid"] { match.user = try user(in: node) }
        if let node = members["role"] { match.role = try word(node, "match.role") }
        guard !match.isEmpty else {
            throw error(node, "match", expected: "at least one of unit, cgroup, uid, exe, comm", found: Self.names(of: members))
        }
        return match
    }

    private func glob(
        _ node: PolicyNode?, _ name: String, _ subject: Glob.Subject, _ expected: String, _ isMeant: (String) -> Bool
    ) throws(ParseError) -> Glob? {
        guard let node else { return nil }
        let text = try text(node, name)
        guard isMeant(text) else { throw error(node, name, expected: expected) }
        guard let glob = Glob(text, of: subject) else {
            throw error(node, name, expected: "a pattern of 1 to \(Glob.longest) bytes with every [ closed")
        }
        return glob
    }

    /// The largest number means no user. Kernel: include/linux/uidgid.h, `uid_valid()`.
    private static func userNumber(_ text: String) -> UInt32? { UInt32(text).flatMap { $0 == UInt32.max ? nil : $0 } }

    /// Linux's LOGIN_NAME_MAX is 256, and C would take a name with a NUL for what stands before it.
    private static func isUserName(_ text: String) -> Bool { (1...256).contains(text.utf8.count) && !text.utf8.contains(0) }

    private func user(in node: PolicyNode) throws(ParseError) -> UserSelector {
        switch node.value {
        case .number(let text): if let number = Self.userNumber(text) { return .number(number) }
        case .plain(let text):
            if let number = Self.userNumber(text) { return .number(number) }
            if Self.isUserName(text), Int(text) == nil { return .name(text) }
        case .string(let text): if Self.isUserName(text) { return .name(text) }
        default: break
        }
        throw error(node, "match.uid", expected: "a user's name of at most 256 bytes, or a number")
    }
}

// Values.
extension PolicyReader {
    private func members(of node: PolicyNode, _ name: String, known: [String]) throws(ParseError) -> [String: PolicyNode] {
        guard case .object(let list) = node.value else {
            throw error(node, name, expected: "an object with \(known.joined(separator: ", "))")
        }
        var members: [String: PolicyNode] = [:]
        for member in list {
            let place = name.isEmpty ? member.name : "\(name).\(member.name)"
            guard known.contains(member.name) else {
                throw error(member.node, place, expected: "only \(known.joined(separator: ", "))", found: member.name)
            }
            guard members.updateValue(member.node, forKey: member.name) == nil else {
                throw error(member.node, place, expected: "each member once", found: member.name)
            }
        }
        return members
    }

    private func required(
        _ name: String, in members: [String: PolicyNode], of node: PolicyNode
    ) throws(ParseError) -> PolicyNode {
        guard let member = members[name] else {
            throw error(node, "", expected: "a member \(name)", found: Self.names(of: members))
        }
        return member
    }

    private static func names(of members: [String: PolicyNode]) -> String {
        members.isEmpty ? "no member" : "only " + members.keys.sorted().joined(separator: ", ")
    }

    private func text(_ node: PolicyNode, _ name: String) throws(ParseError) -> String {
        switch node.value {
        case .string(let text) where !text.isEmpty, .plain(let text) where !text.isEmpty: return text
        default: throw error(node, name, expected: "a text")
        }
    }

    private func integer(_ node: PolicyNode, _ name: String, in range: ClosedRange<Int>) throws(ParseError) -> Int {
        switch node.value {
        case .number(let text), .plain(let text):
            if let number = Int(text), range.contains(number) { return number }
        default: break
        }
        throw error(node, name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ node: PolicyNode, _ name: String
    ) throws(ParseError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text(node, name)) else {
            throw error(node, name, expected: "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    private func error(_ node: PolicyNode, _ member: String, expected: String, found: String? = nil) -> ParseError {
        // A line says where; a text without lines has the member's name alone.
        let place = node.line > 0 || member.isEmpty ? source : "\(source), member \(member)"
        let wanted = node.line > 0 && !member.isEmpty ? "\(expected) (\(member))" : expected
        return ParseError(source: place, line: node.line, expected: wanted, found: found ?? node.found)
    }
}
