public import Kernel

/// The kernel's test that said no. What the log does not tell is nil.
public struct DeniedBy: Hashable, Sendable {
    public let test: Test
    public var node: Int?
    public var zone: String?
    /// The watermark that was not met: `min`, `high`.
    public var watermark: String?
    public var order: Int?
    /// What the request could have used.
    public var free: Bytes?
    /// What there would have to be.
    public var needed: Bytes?
    /// The group whose limit was reached, and which of its limits: `memory`, `memory+swap`, `swap`, `kmem`.
    public var cgroup: CgroupPath?
    public var limitName: String?
    public var usage: Bytes?
    public var limit: Bytes?
    /// The nodes left to the request: `0-1`.
    public var nodes: String?

    public init(_ test: Test) { self.test = test }

    public enum Test: String, CaseIterable, Hashable, Sendable {
        /// Free memory did not exceed the watermark and the protection. Kernel: `__zone_watermark_ok()`.
        case watermark
        /// Enough was free, but no block of the order on a list that the request may use.
        case order
        case cgroupLimit = "cgroup_limit"
        /// A cpuset or a memory policy leaves only these nodes.
        case nodes
        case workingSetTTL = "working_set_ttl"
        /// SysRq f: nothing was denied.
        case sysrq
        /// A userspace killer's own limit.
        case userspace
    }
}
