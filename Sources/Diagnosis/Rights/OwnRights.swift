public import Kernel

/// What the kernel lets this very process do, as far as it tells.
public struct OwnRights: Hashable, Sendable {
    public var effective: CapabilitySet
    public var user: UInt32
    /// Whether its pids are those of the kernel's log; nil where the kernel does not tell.
    public var isInitialForPIDs: Bool?
    /// In a user namespace of its own a capability counts for nothing outside it. nil where the kernel does not tell.
    public var isInitialForUsers: Bool?
    public var mayReadPageTypes: Bool
    public var mayWriteVM: Bool

    public init(
        effective: CapabilitySet, user: UInt32, namespaces: (pids: Bool?, users: Bool?), mayReadPageTypes: Bool, mayWriteVM: Bool
    ) {
        self.effective = effective
        self.user = user
        isInitialForPIDs = namespaces.pids
        isInitialForUsers = namespaces.users
        self.mayReadPageTypes = mayReadPageTypes
        self.mayWriteVM = mayWriteVM
    }

    /// For what the kernel asks `capable()`, which means the first user namespace alone.
    func has(_ capability: CapabilitySet) -> Bool { effective.contains(capability) && isInitialForUsers != false }
}
