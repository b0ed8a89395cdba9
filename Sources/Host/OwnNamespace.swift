import Glibc

/// Whose numbers of processes we see.
public enum OwnNamespace {
    /// Whether they are those of the kernel's log; nil where the kernel does not tell (before 3.8, or without namespaces).
    ///
    /// The first pid namespace has an inode of its own. Kernel: include/linux/proc_ns.h, `PROC_PID_INIT_INO`.
    public static var isInitialForPIDs: Bool? {
        var status = stat()
        guard stat("/proc/self/ns/pid", &status) == 0 else { return nil }
        return status.st_ino == 0xEFFF_FFFC
    }

    /// The user whose rights we have.
    public static var user: UInt32 { geteuid() }
}
