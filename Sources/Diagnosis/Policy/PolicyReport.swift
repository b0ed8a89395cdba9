public import Kernel

/// How one policy fares: whom it matches, and what has become of that.
public struct PolicyReport: Hashable, Sendable {
    public let policy: ProtectionPolicy
    /// Those that it matches and that no other policy goes before.
    public var matched = 0
    /// Those that have its value.
    public var applied = 0
    /// Those that a lease keeps at another.
    public var leased = 0
    /// Those that somebody else has given another value again after we had put ours back once.
    public var contested: [Found] = []
    /// Those that could not be given it, or may not.
    public var refused: [Refused] = []

    public init(_ policy: ProtectionPolicy) { self.policy = policy }

    /// A process, and the value that it has instead.
    public struct Found: Hashable, Sendable {
        public let process: ProcessID
        public let commandName: CommandName
        public let adjustment: OOMScoreAdjustment

        public init(process: ProcessID, commandName: CommandName, adjustment: OOMScoreAdjustment) {
            self.process = process
            self.commandName = commandName
            self.adjustment = adjustment
        }
    }

    public struct Refused: Hashable, Sendable {
        public let process: ProcessID
        public let commandName: CommandName
        public let why: String

        public init(process: ProcessID, commandName: CommandName, why: String) {
            self.process = process
            self.commandName = commandName
            self.why = why
        }
    }
}

/// What a policy would do to a process.
public struct ForeseenPolicy: Hashable, Sendable {
    public let process: ProcessID
    public let commandName: CommandName
    public let unit: String?
    public let before: OOMScoreAdjustment
    public let after: OOMScoreAdjustment
    /// Why it would be left as it is; nil where it would have the policy's value.
    public let whyNot: String?

    public init(
        process: ProcessID, commandName: CommandName, unit: String?,
        adjustments: (before: OOMScoreAdjustment, after: OOMScoreAdjustment),
        whyNot: String?
    ) {
        self.process = process
        self.commandName = commandName
        self.unit = unit
        before = adjustments.before
        after = adjustments.after
        self.whyNot = whyNot
    }

    public static let forgeable =
        "it would lower the score of a process that an ordinary user can make: match a system unit or cgroup, or uid with exe"
}
