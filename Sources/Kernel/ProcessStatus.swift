/// What a process says of itself, as far as the choice of a victim depends on it.
///
/// Kernel: fs/proc/array.c, `proc_pid_status()`. Swap since 2.6.34, `Kthread` since 6.9.
public struct ProcessStatus: Hashable, Sendable {
    public let commandName: CommandName
    public let process: ProcessID
    /// The process that this task is a thread of; itself, unless it is another thread than the first.
    public let threadGroup: ProcessID
    public let parent: ProcessID
    public let state: ProcessState
    /// The real one of its four, which is the one a kill line names.
    public let userID: UInt32
    /// The first thread is counted even when it has exited and the others live on.
    public let threads: Int
    /// Nil where the task has none: a kernel thread, a zombie.
    public let memory: Memory?
    public let effectiveCapabilities: CapabilitySet
    /// Nil where the kernel does not say (up to 6.8): `ProcessStat.flags` does.
    public let isKernelThread: Bool?

    /// The sums that its badness is made of.
    public struct Memory: Hashable, Sendable {
        public let resident: Bytes
        /// Nil before 2.6.34.
        public let swapped: Bytes?
        /// Of all levels; 4.0 to 4.14 print two of them, in two lines.
        public let pageTables: Bytes?

        public init(resident: Bytes, swapped: Bytes?, pageTables: Bytes?) {
            self.resident = resident
            self.swapped = swapped
            self.pageTables = pageTables
        }
    }
}

extension ProcessStatus {
    /// A first thread that has exited while others live on: they have the memory, and are killed with it.
    public var isZombieWithThreads: Bool { state == .zombie && threads > 1 }

    /// The same process with the memory that one of its other threads shows.
    public func with(memory: Memory?) -> ProcessStatus {
        ProcessStatus(
            commandName: commandName, process: process, threadGroup: threadGroup, parent: parent, state: state, userID: userID,
            threads: threads, memory: memory, effectiveCapabilities: effectiveCapabilities, isKernelThread: isKernelThread)
    }
}
