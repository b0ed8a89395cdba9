public import Kernel

/// What is read of a process that stands near the head of the order, beside what the scan of all took.
public struct VictimDetails: Hashable, Sendable {
    /// The kernel's own word; 0 for one that it passes over. Nil where it may not be read.
    public var score: Int?
    public var memoryCgroup: CgroupPath?
    public var status = StatusDetails(isKillPending: false, allowedNodes: nil, kinds: nil)
    public var policy = MemoryPolicy.unknown
    /// Processes that have the very same memory: the kernel kills them with it.
    public var sharing: [ProcessID] = []
    /// Those of the same size of which the kernel does not say it.
    public var mayShare: [ProcessID] = []
    /// The group whose memory.oom.group ends all that is in it.
    public var killedGroup: CgroupPath?
    /// The others of that group.
    public var groupMembers: [ProcessID] = []

    public init() {}
}
