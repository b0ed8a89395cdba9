public import Diagnosis
import Glibc
public import Kernel

extension OwnRights {
    /// Reads them anew: an administrator may change them while we run.
    ///
    /// The first namespaces have inodes of their own. Kernel: include/linux/proc_ns.h, `PROC_PID_INIT_INO`, `PROC_USER_INIT_INO`.
    public static func read() throws(SourceError) -> OwnRights {
        OwnRights(
            effective: try Capabilities.readOwn().effective, user: geteuid(),
            namespaces: (isInitialForPIDs, hasInode(0xEFFF_FFFD, "/proc/self/ns/user")),
            mayReadPageTypes: mayOpen("/proc/pagetypeinfo", R_OK), mayWriteVM: mayOpen("/proc/sys/vm/swappiness", W_OK))
    }

    /// Whether our numbers of processes are those of the kernel's log; nil where the kernel does not tell (before 3.8, or without
    /// namespaces).
    public static var isInitialForPIDs: Bool? { hasInode(0xEFFF_FFFC, "/proc/self/ns/pid") }

    private static func hasInode(_ number: UInt, _ path: String) -> Bool? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_ino == number
    }

    /// By the rights in effect, which are those that opening asks for.
    private static func mayOpen(_ path: String, _ mode: Int32) -> Bool { faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 }
}

extension ProcessTable {
    /// False in a pid namespace of its own, which shows only the processes within it.
    public var seesAll: Bool { !root.isEmpty || OwnRights.isInitialForPIDs != false }
}
