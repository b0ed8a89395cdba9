public import Kernel

/// Finds the memory cgroups that are nearest to their limit, in a hierarchy of version 1 or 2.
public struct CgroupScanner: Sendable {
    public let root: String
    /// A machine of thousands of groups is not walked through to its end every ten seconds.
    private static let mostGroups = 2_000

    public init(root: String = "") { self.root = root }

    /// The nearest first; those without a limit are not looked at. Groups that end meanwhile are left out.
    public func readNearest(_ count: Int = 20) -> [RecordedCgroup] {
        let tree: CgroupTree
        do { tree = try MemoryCgroups(root: root).readTree() } catch { return [] }
        var reader = ProcessReader()
        var limited: [RecordedCgroup] = []
        var waiting = [CgroupPath("/".utf8)]
        var seen = 0
        while let path = waiting.popLast(), seen < Self.mostGroups {
            seen += 1
            if let group = tree.readUsage(path, &reader) { limited.append(group) }
            waiting += tree.readChildren(of: path)
        }
        let nearest = limited.sorted {
            $0.room < $1.room || ($0.room == $1.room && $0.path.bytes.lexicographicallyPrecedes($1.path.bytes))
        }
        return nearest.prefix(count).map { tree.readEvents($0, &reader) }
    }
}

extension RecordedCgroup {
    /// What is left of a thousand parts of its limit; below 0 above it.
    fileprivate var room: Int {
        guard let limit, limit > .zero else { return 0 }
        let parts = usage.count.multipliedReportingOverflow(by: 1_000)
        return parts.overflow ? Int.min : 1_000 - parts.partialValue / limit.count
    }
}

extension CgroupTree {
    /// nil for a group without a limit, and for the root, which has none.
    fileprivate func readUsage(_ path: CgroupPath, _ reader: inout ProcessReader) -> RecordedCgroup? {
        guard path.parent != nil else { return nil }
        var group = RecordedCgroup(path: path)
        let maximum = version == .one ? "memory.limit_in_bytes" : "memory.max"
        group.maximum = read(maximum, path, &reader).flatMap(RecordedCgroup.limit)
        if version == .two { group.high = read("memory.high", path, &reader).flatMap(RecordedCgroup.limit) }
        guard group.limit != nil,
            let usage = read(version == .one ? "memory.usage_in_bytes" : "memory.current", path, &reader)
        else { return nil }
        group.usage = RecordedCgroup.limit(parsing: usage) ?? .zero
        return group
    }

    fileprivate func readEvents(_ group: RecordedCgroup, _ reader: inout ProcessReader) -> RecordedCgroup {
        var group = group
        switch version {
        case .one:
            if let text = read("memory.failcnt", group.path, &reader) {
                group.maximumEvents = RecordedCgroup.limit(parsing: text)?.count ?? 0
            }
            if let text = read("memory.oom_control", group.path, &reader) { group.read(oomControl: text) }
        case .two:
            // The group's own events, without those of the groups below it: since 5.2.
            let own = read("memory.events.local", group.path, &reader) ?? read("memory.events", group.path, &reader)
            if let own { group.read(events: own) }
            if let text = read("memory.pressure", group.path, &reader) { group.read(pressure: text) }
            group.killsAll = read("memory.oom.group", group.path, &reader)?.first == UInt8(ascii: "1")
        }
        return group
    }

    /// nil where the group or the file is gone, or is not for us.
    private func read(_ file: String, _ path: CgroupPath, _ reader: inout ProcessReader) -> [UInt8]? {
        do { return try reader.readText(directory(of: path) + "/\(file)".utf8) } catch { return nil }
    }
}
