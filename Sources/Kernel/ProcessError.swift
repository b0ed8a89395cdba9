/// Why nothing could be read of a process, or nothing done to it. One case per cause.
public enum ProcessError: Error, Hashable, Sendable {
    /// There was none of that number to begin with.
    case noSuchProcess(ProcessID)
    /// It was there and ended while it was looked at.
    case gone(ProcessID)
    /// The number is that of a thread, of this process.
    case isThread(ProcessID, of: ProcessID)
    /// The first process: the kernel never kills it.
    case initProcess
    case kernelThread(ProcessID)
    /// It has exited, all its threads too, and waits for its parent to ask.
    case zombie(ProcessID)
    /// The number now belongs to another process than the one that was meant.
    case otherProcess(ProcessIdentity)
    /// The system said no at this step.
    case refused(Refusal)
    /// Something is wrong with the machine or its text, not with the process.
    case failed(SourceError)

    /// The system's no: at which step, and what would have made it a yes.
    public struct Refusal: Hashable, Sendable {
        public let process: ProcessID
        public let step: Step
        public let errno: Int32

        public enum Step: Hashable, Sendable { case read, open, write }

        public init(process: ProcessID, step: Step, errno: Int32) {
            self.process = process
            self.step = step
            self.errno = errno
        }
    }
}

extension ProcessError.Refusal {
    /// The capability that would have changed the answer; nil where none would (a read-only /proc).
    ///
    /// Kernel: fs/proc/base.c, `__set_oom_adj()`: a write is refused with EACCES for one reason alone, that it goes below the
    /// last value which a privileged writer set. The file belongs to the process's user, so that opening it is a matter of owners.
    public var missing: CapabilitySet? {
        let permissionDenied: Int32 = 13
        switch (step, errno) {
        case (.open, permissionDenied): return .dacOverride
        case (.write, permissionDenied): return .sysResource
        default: return nil
        }
    }
}
