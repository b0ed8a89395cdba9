public import Kernel

/// What a policy wants of a process; a lease goes before it.
public struct PolicyClaim: Hashable, Sendable {
    /// The policy's.
    public var name: String
    public var adjustment: OOMScoreAdjustment
    public var children: ChildrenRule

    public init(name: String, adjustment: OOMScoreAdjustment, children: ChildrenRule) {
        self.name = name
        self.adjustment = adjustment
        self.children = children
    }
}
