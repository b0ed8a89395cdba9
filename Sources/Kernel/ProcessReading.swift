/// What one scan of all processes takes of each: enough to compute its badness.
public struct ProcessReading: Hashable, Sendable {
    public let status: ProcessStatus
    public let adjustment: OOMScoreAdjustment

    public init(status: ProcessStatus, adjustment: OOMScoreAdjustment) {
        self.status = status
        self.adjustment = adjustment
    }
}
