import Diagnosis
import Kernel
import MicroHTTP

/// The body of `POST /victims/what-if`: `{"changes": [{"pid": 4711, "oom_score_adj": -500}], "cgroup": null, "kills": 3}`.
struct WhatIfOrder: Sendable {
    let trial: WhatIf.Trial
    let cgroup: CgroupPath?
    let nodes: NodeSet?

    /// How much of the order is shown before and after.
    static let shown = 10
    private static let mostChanges = 100

    init(of request: Request) throws {
        let known = ["changes", "cgroup", "numa_nodes", "kills"]
        let members = try ProtectionOrder.members(of: request, known: known) ?? [:]
        trial = WhatIf.Trial(
            adjustments: try Self.changes(members["changes"]),
            kills: try members["kills"].map { try ProtectionOrder.integer($0, "kills", in: 0...20) } ?? 3)
        cgroup = try Self.text(members, "cgroup", "a path such as /system.slice, or null") { CgroupPath(asked: $0) }
        nodes = try Self.text(members, "numa_nodes", "nodes such as \"0-1\", or null") { NodeSet(parsing: $0.utf8) }
    }

    private static func changes(_ value: JSONValue?) throws -> [ProcessID: OOMScoreAdjustment] {
        guard let value else { return [:] }
        guard case .array(let elements) = value, elements.count <= mostChanges else {
            throw ProtectionOrder.unprocessable(
                "body, member changes: expected an array of at most \(mostChanges), found \(value)")
        }
        var changes: [ProcessID: OOMScoreAdjustment] = [:]
        for element in elements {
            let (process, adjustment) = try change(element)
            guard changes.updateValue(adjustment, forKey: process) == nil else {
                throw ProtectionOrder.unprocessable("body, member changes: expected each pid once, found \(process) again")
            }
        }
        return changes
    }

    private static func change(_ value: JSONValue) throws -> (ProcessID, OOMScoreAdjustment) {
        guard case .object(let members) = value, Set(members.keys) == ["pid", "oom_score_adj"], let pid = members["pid"],
            let wanted = members["oom_score_adj"]
        else {
            throw ProtectionOrder.unprocessable(
                "body, member changes: expected objects with pid and oom_score_adj, found \(value)")
        }
        let process = try ProtectionOrder.integer(pid, "pid", in: 1...Int(Int32.max))
        let number = try ProtectionOrder.integer(wanted, "oom_score_adj", in: OOMScoreAdjustment.range)
        return (ProcessID(Int32(clamping: process)), OOMScoreAdjustment(number) ?? .neutral)
    }

    private static func text<Value>(
        _ members: [String: JSONValue], _ name: String, _ expected: String, _ parse: (String) -> Value?
    ) throws -> Value? {
        guard let value = members[name], value != .null else { return nil }
        guard case .string(let text) = value, let parsed = parse(text) else {
            throw ProtectionOrder.unprocessable("body, member \(name): expected \(expected), found \(value)")
        }
        return parsed
    }
}
