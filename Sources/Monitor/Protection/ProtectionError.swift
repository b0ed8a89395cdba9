public import Kernel

/// Why a process was not protected, or its protection not taken back. Nothing was changed then.
public enum ProtectionError: Error, Hashable, Sendable {
    case process(ProcessError)
    /// It is the only process that may die when this limited group is full: without it the kernel would look for ever, or panic.
    case noOtherVictim(ProcessID, group: CgroupPath)
    /// We have not changed it, or have forgotten that with the process that had the number before.
    case nothingToRestore(ProcessID)
}
