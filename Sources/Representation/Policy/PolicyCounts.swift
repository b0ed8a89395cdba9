/// What metrics tell of policies; a policy's name is no label.
public struct PolicyCounts: Sendable {
    let api: Int
    let file: Int
    let contested: Int
    let losses: Int

    /// - Parameter losses: how often events of processes were lost.
    public init(api: Int, file: Int, contested: Int, losses: Int) {
        self.api = api
        self.file = file
        self.contested = contested
        self.losses = losses
    }
}
