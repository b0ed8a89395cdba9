/// What one process uses of the machine, under the names that the client libraries of Prometheus give to it.
public struct ProcessUsage: Hashable, Sendable {
    /// User and system time.
    public let cpuMicroseconds: Int
    public let openDescriptors: Int
    public let maximumDescriptors: Int
    public let virtual: Bytes
    public let resident: Bytes
    public let startedAt: Timestamp

    public init(
        cpuMicroseconds: Int, descriptors: (open: Int, maximum: Int), virtual: Bytes, resident: Bytes, startedAt: Timestamp
    ) {
        self.cpuMicroseconds = cpuMicroseconds
        openDescriptors = descriptors.open
        maximumDescriptors = descriptors.maximum
        self.virtual = virtual
        self.resident = resident
        self.startedAt = startedAt
    }
}
