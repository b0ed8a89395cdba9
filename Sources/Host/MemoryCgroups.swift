import Glibc
public import Kernel

/// The limits of memory control groups, of version 1 or 2, wherever systemd and its elders mount them.
///
/// Kernel: mm/memcontrol.c, `memory_max_show()` and, for version 1, mm/memcontrol-v1.c, `mem_cgroup_read_u64()`.
public struct MemoryCgroups: Sendable {
    public let root: String

    public init(root: String = "") { self.root = root }

    /// The innermost group with a limit among this one and those around it; nil where there is none, or none that we can see.
    ///
    /// When it is full, a victim is looked for in it and below it.
    public func readLimitingGroup(of membership: CgroupMembership) throws(SourceError) -> CgroupPath? {
        guard let memory = membership.memory, !memory.path.isOutsideNamespace else { return nil }
        let tree = memory.number == 0 ? Tree.version2(root: root) : Tree.version1(root: root)
        var group: CgroupPath? = memory.path
        while let path = group {
            if try tree.readHasLimit(path) { return path }
            group = path.parent
            if let group, try tree.readIsFlat(group) { return nil }
        }
        return nil
    }
}

/// Where one hierarchy is mounted, and what its files are called.
private struct Tree {
    let mount: String
    let limitFile: String
    let hierarchyFile: String?

    static func version1(root: String) -> Tree {
        Tree(
            mount: root + "/sys/fs/cgroup/memory", limitFile: "memory.limit_in_bytes", hierarchyFile: "memory.use_hierarchy")
    }

    /// Beside version 1, systemd mounts it one level deeper.
    static func version2(root: String) -> Tree {
        let unified = root + "/sys/fs/cgroup/unified"
        let mount = access(unified, F_OK) == 0 ? unified : root + "/sys/fs/cgroup"
        return Tree(mount: mount, limitFile: "memory.max", hierarchyFile: nil)
    }

    /// No file: the root of the tree, a group without the controller, or one that is gone.
    func readHasLimit(_ group: CgroupPath) throws(SourceError) -> Bool {
        guard let text = try readText(limitFile, of: group) else { return false }
        var cursor = LineCursor(text)
        guard cursor.nextLine(), !cursor.starts(with: "max") else { return false }
        guard let limit = cursor.number() else {
            let error = cursor.error(in: limitFile, expected: "a number of bytes or 'max'")
            throw .malformed(path: "\(mount)\(group)/\(limitFile)", error)
        }
        return limit < Self.unlimited
    }

    /// True for a group of version 1 that takes no account of those below it (possible up to 5.10).
    func readIsFlat(_ group: CgroupPath) throws(SourceError) -> Bool {
        guard let hierarchyFile, let text = try readText(hierarchyFile, of: group) else { return false }
        return text.first == UInt8(ascii: "0")
    }

    private func readText(_ file: String, of group: CgroupPath) throws(SourceError) -> [UInt8]? {
        var reader = ProcessReader()
        do { return try reader.readText(mount.utf8 + group.bytes + "/\(file)".utf8) } catch  where error.isGone {
            return nil
        } catch {
            throw error.sourceError("\(mount)\(group)/\(file)")
        }
    }

    /// Version 1 prints a number for "none": the greatest count of pages, in bytes, which is smaller where pages are larger.
    private static let unlimited = 1 << 62
}
