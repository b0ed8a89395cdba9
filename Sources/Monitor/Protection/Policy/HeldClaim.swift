public import Kernel
public import Store

/// What a process has on the word of a policy.
public struct HeldClaim: Hashable, Sendable {
    public let process: ProcessID
    public let startTime: ClockTicks
    public let claim: PolicyClaim
    /// What it had before anything of ours.
    public let baseline: OOMScoreAdjustment

    public init(process: ProcessID, startTime: ClockTicks, claim: PolicyClaim, baseline: OOMScoreAdjustment) {
        self.process = process
        self.startTime = startTime
        self.claim = claim
        self.baseline = baseline
    }
}
