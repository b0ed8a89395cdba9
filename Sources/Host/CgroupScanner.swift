import Glibc
public import Kernel

/// Finds the memory cgroups that are nearest to their limit, in a hierarchy of version 1 or 2.
public struct CgroupScanner: Sendable {
    public let root: String
    /// A machine of thousands of groups is not walked through to its end every ten seconds.
    private static let mostGroups = 2_000

    public init(root: String = "") { self.root = root }

    /// The nearest first; those without a limit are not looked at. Groups that end meanwhile are left out.
    public func readNearest(_ count: Int = 20) -> [RecordedCgroup] {
        guard let tree = CgroupTree(root: root) else { return [] }
        var reader = ProcessReader()
        var limited: [RecordedCgroup] = []
        var waiting: [[UInt8]] = [[]]
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

/// Where the memory controller's groups are, and what its files are called.
private struct CgroupTree {
    let mount: [UInt8]
    let isVersion1: Bool

    /// - Returns: nil where there is none.
    init?(root: String) {
        let base = root + "/sys/fs/cgroup"
        if FileSystem.isDirectory(base + "/memory"), access(base + "/memory/memory.limit_in_bytes", F_OK) == 0 || !root.isEmpty {
            (mount, isVersion1) = (Array("\(base)/memory".utf8), true)
        } else if FileSystem.isDirectory(base) {
            let unified = base + "/unified"
            (mount, isVersion1) = (Array((FileSystem.isDirectory(unified) ? unified : base).utf8), false)
        } else {
            return nil
        }
    }

    /// nil for a group without a limit, and for the root, which has none.
    func readUsage(_ path: [UInt8], _ reader: inout ProcessReader) -> RecordedCgroup? {
        guard !path.isEmpty else { return nil }
        var group = RecordedCgroup(path: CgroupPath(path))
        group.maximum = read(isVersion1 ? "memory.limit_in_bytes" : "memory.max", path, &reader).flatMap(RecordedCgroup.limit)
        if !isVersion1 { group.high = read("memory.high", path, &reader).flatMap(RecordedCgroup.limit) }
        guard group.limit != nil,
            let usage = read(isVersion1 ? "memory.usage_in_bytes" : "memory.current", path, &reader)
        else { return nil }
        group.usage = RecordedCgroup.limit(parsing: usage) ?? .zero
        return group
    }

    func readEvents(_ group: RecordedCgroup, _ reader: inout ProcessReader) -> RecordedCgroup {
        var group = group
        let path = group.path.bytes
        if isVersion1 {
            if let text = read("memory.failcnt", path, &reader) {
                group.maximumEvents = RecordedCgroup.limit(parsing: text)?.count ?? 0
            }
            if let text = read("memory.oom_control", path, &reader) { group.read(oomControl: text) }
        } else {
            // The group's own events, without those of the groups below it: since 5.2.
            let own = read("memory.events.local", path, &reader) ?? read("memory.events", path, &reader)
            if let own { group.read(events: own) }
            if let text = read("memory.pressure", path, &reader) { group.read(pressure: text) }
            group.killsAll = read("memory.oom.group", path, &reader)?.first == UInt8(ascii: "1")
        }
        return group
    }

    func readChildren(of path: [UInt8]) -> [[UInt8]] {
        guard let stream = opendir((mount + path).map { CChar(truncatingIfNeeded: $0) } + [0]) else { return [] }
        defer { closedir(stream) }
        var children: [[UInt8]] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type == UInt8(DT_DIR), let name = name(of: entry), name.first != UInt8(ascii: ".") else {
                continue
            }
            children.append(path + [UInt8(ascii: "/")] + name)
        }
        return children
    }

    /// nil where the group or the file is gone, or is not for us.
    private func read(_ file: String, _ path: [UInt8], _ reader: inout ProcessReader) -> [UInt8]? {
        do { return try reader.readText(mount + path + "/\(file)".utf8) } catch { return nil }
    }
}

private func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8]? {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
    let start = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: UInt8.self)
    return Array(UnsafeBufferPointer(start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
}
