import CLinux
import Glibc
public import Kernel

/// What this very process may do, as the kernel says it. In a user namespace the mask may promise more than the host grants.
public struct Capabilities: Hashable, Sendable {
    public let effective: CapabilitySet

    /// Reads the `CapEff` line of /proc/self/status, whatever root the rest is read from.
    public static func readOwn() throws(SourceError) -> Capabilities {
        var reader = ProcessReader()
        do {
            let own = try Directory(opening: "/proc/self")
            return Capabilities(effective: try reader.readStatus(of: nil, from: own.descriptor).effectiveCapabilities)
        } catch {
            throw error.sourceError("/proc/self/status")
        }
    }
}

extension Capabilities {
    /// CAP_SYS_RESOURCE, by its number.
    private static let sysResource: Int32 = 24

    /// Runs `body` as a thread that has no CAP_SYS_RESOURCE, whatever the others have.
    ///
    /// - Throws: what `body` does, or where the system does not let a capability be laid down (a filter of system calls).
    public static func withoutSysResource<T>(
        of process: ProcessID, _ body: () throws(ProcessError) -> T
    ) throws(ProcessError) -> T {
        let had = oomwarden_set_effective(sysResource, 0)
        guard had >= 0 else { throw .failed(.unreadable(path: "capset", errno: errno)) }
        defer { if had == 1 { _ = oomwarden_set_effective(sysResource, 1) } }
        return try body()
    }
}
