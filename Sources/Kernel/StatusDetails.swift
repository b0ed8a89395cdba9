/// What `status` tells of a process beside its size, read for the few that are likely to be chosen.
///
/// Kernel: fs/proc/array.c, `proc_pid_status()`; fs/proc/task_mmu.c, `task_mem()`.
public struct StatusDetails: Hashable, Sendable {
    /// SIGKILL has been sent and it has not ended yet: it waits for a lock, or gives back its memory.
    public let isKillPending: Bool
    /// The nodes of its cpuset; nil on a kernel without cpusets.
    public let allowedNodes: NodeSet?
    /// Nil before 4.5.
    public let kinds: MemoryKinds?

    /// What the resident memory consists of.
    public struct MemoryKinds: Hashable, Sendable {
        public let anonymous: Bytes
        public let file: Bytes
        public let shared: Bytes

        public init(anonymous: Bytes, file: Bytes, shared: Bytes) {
            self.anonymous = anonymous
            self.file = file
            self.shared = shared
        }
    }

    public init(isKillPending: Bool, allowedNodes: NodeSet?, kinds: MemoryKinds?) {
        self.isKillPending = isKillPending
        self.allowedNodes = allowedNodes
        self.kinds = kinds
    }
}

extension StatusDetails {
    /// The text of /proc/<pid>/status. What is missing or no number is nil: the size stands in `ProcessStatus`.
    ///
    ///     RssAnon:	  177604 kB
    ///     SigPnd:	0000000000000100
    ///     Mems_allowed_list:	0-1
    public init(parsing bytes: [UInt8]) {
        var cursor = LineCursor(bytes)
        var (anonymous, file, shared): (Bytes?, Bytes?, Bytes?)
        var nodes: NodeSet?
        var isKillPending = false
        while cursor.nextLine() {
            if cursor.skip("RssAnon:") {
                anonymous = cursor.kibibytes()
            } else if cursor.skip("RssFile:") {
                file = cursor.kibibytes()
            } else if cursor.skip("RssShmem:") {
                shared = cursor.kibibytes()
            } else if cursor.skip("SigPnd:") || cursor.skip("ShdPnd:") {
                isKillPending = isKillPending || cursor.holdsKill()
            } else if cursor.skip("Mems_allowed_list:") {
                nodes = NodeSet(parsing: cursor.bytes[cursor.word()])
            }
        }
        self.isKillPending = isKillPending
        allowedNodes = nodes
        kinds = anonymous.map { MemoryKinds(anonymous: $0, file: file ?? .zero, shared: shared ?? .zero) }
    }
}

extension LineCursor {
    fileprivate mutating func kibibytes() -> Bytes? { number().map { Bytes(kibibytes: $0) } }

    /// Whether a mask of pending signals has SIGKILL, the ninth.
    fileprivate mutating func holdsKill() -> Bool {
        let digits = word()
        guard let mask = UInt64(text(digits), radix: 16) else { return false }
        return mask & (1 << 8) != 0
    }
}
