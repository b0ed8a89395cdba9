import CLinux
public import Kernel

/// Which processes have one and the same memory, so that the kernel kills and adjusts them together (since 4.8).
///
/// Kernel: mm/oom_kill.c, `process_shares_mm()`; asked by kcmp(2), which needs the right to trace both (CAP_SYS_PTRACE for those
/// of other users) and a kernel that was built with it.
public struct MemorySharing: Hashable, Sendable {
    public private(set) var sharing: [ProcessID] = []
    /// Those of which the kernel did not say it.
    public private(set) var unknown: [ProcessID] = []

    /// Asks for each of `others`. Where the first thread of `process` has exited the kernel compares nothing with nothing,
    /// so it is not asked.
    public static func read(of process: ProcessStatus, among others: [ProcessID]) -> MemorySharing {
        var found = MemorySharing()
        let isAskable = process.memory != nil && process.state != .zombie
        for other in others where other != process.process {
            let answer = isAskable ? oomwarden_kcmp_vm(process.process.rawValue, other.rawValue) : -1
            if answer == 0 { found.sharing.append(other) }
            if answer < 0 { found.unknown.append(other) }
        }
        return found
    }
}
