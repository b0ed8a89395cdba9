import Diagnosis
import Kernel
import MicroHTTP
import Representation
import Store

extension Request {
    /// What `/oom-kills` and its relatives can be narrowed down by.
    static let eventFilters: Set<String> = [
        "since", "until", "kind", "cause", "scope", "cgroup", "unit", "container", "pod", "comm",
    ]

    func eventQuery(now: Timestamp) throws -> EventQuery {
        var filter = EventQuery()
        filter.since = try time("since", now: now)
        filter.until = try time("until", now: now)
        // `?kind=kill,no_kill`, or one `kind=` for each.
        let kinds = query.values("kind").flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        filter.kinds = Set(try kinds.map { try word("kind", String($0)) })
        filter.cause = try query["cause"].map { try word("cause", $0) }
        filter.scope = try query["scope"].map { try word("scope", $0) }
        filter.cgroup = try query["cgroup"].map(group)
        filter.unit = query["unit"]
        filter.container = query["container"]
        filter.pod = query["pod"]
        filter.comm = query["comm"].map { CommandName($0.utf8) }
        return filter
    }

    private func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ text: String) throws -> Word
    where Word.RawValue == String {
        guard let value = Word(rawValue: text) else {
            throw malformed(name, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "), text)
        }
        return value
    }

    /// A slash at the end, as the shell completes it, means nothing.
    private func group(_ text: String) throws -> CgroupPath {
        guard text.hasPrefix("/") else { throw malformed("cgroup", "a path such as /system.slice", text) }
        var path = Array(text.utf8)
        while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
        return CgroupPath(path)
    }
}
