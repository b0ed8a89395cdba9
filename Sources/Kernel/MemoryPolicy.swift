/// The nodes that a process has bound itself to.
///
/// Kernel: mm/mempolicy.c, `mempolicy_in_oom_domain()`: only MPOL_BIND keeps a process out of a kill for other nodes.
public enum MemoryPolicy: Hashable, Sendable {
    /// The kernel does not let us see it, or we have not looked.
    case unknown
    /// It takes memory of any node, or only prefers some.
    case free
    case bound(NodeSet)
}

extension MemoryPolicy {
    /// The first line of /proc/<pid>/numa_maps: a mapping that has no policy of its own shows the process's.
    ///
    ///     00400000 bind:1 file=/bin/scene mapped=164 N1=164 kernelpagesize_kB=4
    ///
    /// A list of nodes that ends with the text may be the beginning of a longer one.
    public init(parsingMapping line: [UInt8]) {
        var cursor = LineCursor(line)
        guard cursor.nextLine(), !cursor.word().isEmpty else {
            self = .unknown
            return
        }
        cursor.skipBlanks()
        // `bind=static:1` and `bind=relative:1` are bound as well.
        guard cursor.skip("bind") else {
            self = cursor.isAtEnd ? .unknown : .free
            return
        }
        let rest = cursor.bytes[cursor.word()]
        guard cursor.at < line.count else {
            self = .unknown
            return
        }
        let nodes = rest.lastIndex(of: UInt8(ascii: ":")).flatMap { NodeSet(parsing: rest[($0 + 1)...]) }
        self = nodes.map(MemoryPolicy.bound) ?? .unknown
    }
}
