public import Kernel

/// What protecting a process, or taking that back, has changed or would change.
public struct ProtectionOutcome: Hashable, Sendable {
    public let process: ProcessID
    public let commandName: CommandName
    public let before: Standing
    /// In a dry run, what would be: the adjustment asked for, and the score that it would give if that can be computed.
    public let after: Standing
    public let isDryRun: Bool
    /// The processes that share its memory and were given the same adjustment by the kernel (since 4.8).
    public let alsoChanged: [ProcessID]
    /// False where the kernel may still refuse: a dry run of lowering without CAP_SYS_RESOURCE, whose floor nobody can read.
    public let isCertain: Bool

    /// How a process stands with the OOM killer.
    public struct Standing: Hashable, Sendable {
        public let adjustment: OOMScoreAdjustment
        /// Nil where it is not known.
        public let score: Int?

        public init(adjustment: OOMScoreAdjustment, score: Int?) {
            self.adjustment = adjustment
            self.score = score
        }
    }

    public init(
        of process: ProcessStatus, before: Standing, after: Standing, alsoChanged: [ProcessID], certainty: Certainty
    ) {
        self.process = process.process
        commandName = process.commandName
        self.before = before
        self.after = after
        self.alsoChanged = alsoChanged
        isDryRun = certainty != .done
        isCertain = certainty != .foreseen(certain: false)
    }

    /// Whether it has happened.
    public enum Certainty: Hashable, Sendable {
        case done
        case foreseen(certain: Bool)
    }

    public var changed: Bool { before.adjustment != after.adjustment }
}
