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
        let tree = memory.number == 0 ? CgroupTree.version2(root: root) : CgroupTree.version1(root: root)
        var group: CgroupPath? = memory.path
        while let path = group {
            if try tree.readMaximum(of: path) != nil { return path }
            group = path.parent
            if let group, try tree.readIsFlat(group) { return nil }
        }
        return nil
    }

    /// The hierarchy that memory is charged to.
    ///
    /// - Throws: `.absent` where there is none.
    func readTree() throws(SourceError) -> CgroupTree {
        let trees = [CgroupTree.version1(root: root), .version2(root: root)]
        if let mounted = trees.first(where: \.isMounted) { return mounted }
        // What was copied off another machine may be some groups alone, without the files of the root.
        if !root.isEmpty, let copied = trees.first(where: { FileSystem.isDirectory($0.mount) }) { return copied }
        throw .absent(path: root + "/sys/fs/cgroup")
    }
}

/// Where one hierarchy is mounted, and what its files are called.
struct CgroupTree {
    let mount: String
    let version: MemoryCgroup.Version
    private let maximumFile: String

    static func version1(root: String) -> CgroupTree {
        CgroupTree(mount: root + "/sys/fs/cgroup/memory", version: .one, maximumFile: "memory.limit_in_bytes")
    }

    /// Beside version 1, systemd mounts it one level deeper.
    static func version2(root: String) -> CgroupTree {
        let unified = root + "/sys/fs/cgroup/unified"
        let mount = access(unified, F_OK) == 0 ? unified : root + "/sys/fs/cgroup"
        return CgroupTree(mount: mount, version: .two, maximumFile: "memory.max")
    }

    var isMounted: Bool {
        access(mount + (version == .one ? "/memory.usage_in_bytes" : "/cgroup.controllers"), F_OK) == 0
    }

    func readMaximum(of group: CgroupPath) throws(SourceError) -> Bytes? { try readAmount(maximumFile, of: group) }

    /// True for a group of version 1 that takes no account of those below it (possible up to 5.10).
    func readIsFlat(_ group: CgroupPath) throws(SourceError) -> Bool {
        guard version == .one, let text = try readText("memory.use_hierarchy", of: group) else { return false }
        return text.first == UInt8(ascii: "0")
    }

    /// Nil for no limit and for no file: the root of the tree, a group without the controller, or one that is gone.
    func readAmount(_ file: String, of group: CgroupPath) throws(SourceError) -> Bytes? {
        guard let text = try readText(file, of: group) else { return nil }
        var cursor = LineCursor(text)
        guard cursor.nextLine(), !cursor.starts(with: "max") else { return nil }
        guard let amount = cursor.number() else {
            let error = cursor.error(in: file, expected: "a number of bytes or 'max'")
            throw .malformed(path: "\(mount)\(group)/\(file)", error)
        }
        return amount < Self.unlimited && amount != Self.unlimitedOf32Bits ? Bytes(amount) : nil
    }

    func readText(_ file: String, of group: CgroupPath) throws(SourceError) -> [UInt8]? {
        var reader = ProcessReader()
        do { return try reader.readText(directory(of: group) + "/\(file)".utf8) } catch  where error.isRemovedGroup {
            return nil
        } catch {
            throw error.sourceError("\(mount)\(group)/\(file)")
        }
    }

    func directory(of group: CgroupPath) -> [UInt8] { group.bytes.count > 1 ? mount.utf8 + group.bytes : Array(mount.utf8) }

    /// Version 1 prints a number for "none": the greatest count of pages, in bytes, which is smaller where pages are larger.
    private static let unlimited = 1 << 62
    /// The same of a kernel of 32 bits, whose pages are all of 4 KiB. Kernel: include/linux/page_counter.h, `PAGE_COUNTER_MAX`.
    private static let unlimitedOf32Bits = (1 << 31 - 1) << 12
}
