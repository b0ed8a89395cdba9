/// Something that the kernel's log says about processes killed for want of memory.
public struct OOMEvent: Hashable, Sendable, Identifiable {
    /// The same for as long as the machine is up, whoever reads the log.
    public let id: String
    public let kind: Kind
    /// Our judgement of what had run out.
    public let scope: Scope
    /// The log's own word: `none`, `cpuset`, `mempolicy`, `memcg`. 5.0 and 5.1 say `none` whatever it was.
    public let constraint: String?
    /// When the first victim was killed.
    public let time: TimeSinceBoot
    /// The same by the wall clock; nil where the log is not this machine's, or nobody has looked at its clock.
    public var killedAt: Timestamp?
    /// In the order of their deaths, each once; never empty.
    public internal(set) var victims: [Victim]
    public let victimCgroup: CgroupPath?
    /// The group whose limit was reached.
    public let limitCgroup: CgroupPath?
    public let invoker: Invoker?
    public let request: Request?
    public internal(set) var report: Completeness
    /// The first record that belongs to it.
    public let firstSequence: UInt64
    public internal(set) var lastSequence: UInt64
    /// The record that it is named after and sorted by: the first kill line.
    public let anchor: UInt64

    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case kill
        /// The kernel prints at most ten reports in five seconds, but every kill.
        case killWithoutReport = "kill_without_report"
    }

    public enum Scope: String, Hashable, Sendable, CaseIterable {
        case global, memcg, cpuset, mempolicy, manual, unknown
    }

    public enum Completeness: String, Hashable, Sendable, CaseIterable {
        case full
        /// Its head, its tail or something between is missing.
        case partial
        case none
    }

    /// Who asked for the memory.
    public struct Invoker: Hashable, Sendable {
        public let comm: CommandName
        public let processID: ProcessID?
        public let scoreAdjustment: Int?
    }

    /// What was asked for.
    public struct Request: Hashable, Sendable {
        public let mask: GFPMask?
        /// A power of two of pages; -1 for SysRq f.
        public let order: Int?
    }
}
