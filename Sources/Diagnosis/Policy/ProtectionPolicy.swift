public import Kernel

/// A rule that outlives processes: which adjustment those shall have that it matches.
public struct ProtectionPolicy: Hashable, Sendable {
    public let name: String
    public let match: PolicyMatch
    public let adjustment: OOMScoreAdjustment
    public let children: ChildrenRule
    /// The larger one goes first.
    public let priority: Int
    public var source = Source.api

    /// Where it was written down, which is where it is changed.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        case api, file
    }

    public init(
        name: String, match: PolicyMatch, adjustment: OOMScoreAdjustment, children: ChildrenRule = .reset, priority: Int = 0
    ) {
        self.name = name
        self.match = match
        self.adjustment = adjustment
        self.children = children
        self.priority = priority
    }

    /// The order in which they are asked: of several that match one process the first one counts.
    public func goesBefore(_ other: ProtectionPolicy) -> Bool {
        if priority != other.priority { return priority > other.priority }
        if adjustment != other.adjustment { return adjustment < other.adjustment }
        return name < other.name
    }
}

/// What a process must be like for a policy: all that is given must hold.
public struct PolicyMatch: Hashable, Sendable {
    /// The unit of the system's manager that the process is in; to raise, also one of a user's manager.
    public var unit: Glob?
    /// The memory cgroup's path.
    public var cgroup: Glob?
    /// The real user: a set-uid program is still run by whoever started it.
    public var user: UserSelector?
    /// The program's file.
    public var exe: Glob?
    public var comm: Glob?
    public var role = Role.any

    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// The process whose parent does not match: the one that started the others.
        case main
        case any
    }

    public init() {}

    /// Whether an ordinary user cannot make a process of his own that matches: only then may it lower.
    ///
    /// Any program may give itself any name; a file can be copied, and run in a namespace where it has any path.
    public var isUnforgeable: Bool { unit != nil || cgroup != nil || (user != nil && exe != nil) }

    var isEmpty: Bool { unit == nil && cgroup == nil && user == nil && exe == nil && comm == nil }
}

/// A user as an administrator writes him.
public enum UserSelector: Hashable, Sendable, CustomStringConvertible {
    case number(UInt32)
    case name(String)

    public var description: String {
        switch self {
        case .number(let number): String(number)
        case .name(let name): name
        }
    }
}
