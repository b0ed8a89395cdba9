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
