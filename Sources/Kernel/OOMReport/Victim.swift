/// A process that the kernel killed, as its kill line describes it. What the line does not say is nil.
///
/// Kernel: mm/oom_kill.c, `__oom_kill_process()`.
public struct Victim: Hashable, Sendable {
    public let processID: ProcessID?
    public let comm: CommandName?
    /// In the init user namespace. Since 5.0 (in the summary) or 5.4 (in the kill line).
    public let userID: Int?
    public let scoreAdjustment: Int?
    public let memory: Memory

    public init(
        processID: ProcessID?, comm: CommandName? = nil, userID: Int? = nil, scoreAdjustment: Int? = nil,
        memory: Memory = Memory()
    ) {
        self.processID = processID
        self.comm = comm
        self.userID = userID
        self.scoreAdjustment = scoreAdjustment
        self.memory = memory
    }

    /// What its memory map held when it was killed.
    public struct Memory: Hashable, Sendable {
        public let total: Bytes?
        public let anonymous: Bytes?
        public let file: Bytes?
        /// Since 4.5.
        public let shared: Bytes?
        /// Since 5.4.
        public let pageTables: Bytes?

        public init(
            total: Bytes? = nil, anonymous: Bytes? = nil, file: Bytes? = nil, shared: Bytes? = nil, pageTables: Bytes? = nil
        ) {
            self.total = total
            self.anonymous = anonymous
            self.file = file
            self.shared = shared
            self.pageTables = pageTables
        }
    }
}
