/// The capabilities of a task, as the mask that `status` prints. Kernel: include/uapi/linux/capability.h.
public struct CapabilitySet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// CAP_DAC_OVERRIDE: open what belongs to another user, for writing too.
    public static let dacOverride = CapabilitySet(rawValue: 1 << 1)
    /// CAP_DAC_READ_SEARCH: read what is readable by root alone (pagetypeinfo since 5.4).
    public static let dacReadSearch = CapabilitySet(rawValue: 1 << 2)
    /// CAP_SYS_ADMIN: had a bonus in the badness of a process up to 4.16.
    public static let sysAdmin = CapabilitySet(rawValue: 1 << 21)
    /// CAP_SYS_RESOURCE: lower an adjustment below its floor.
    public static let sysResource = CapabilitySet(rawValue: 1 << 24)
    /// CAP_SYSLOG (since 2.6.37): read the kernel log where `kernel.dmesg_restrict` is 1.
    public static let syslog = CapabilitySet(rawValue: 1 << 34)
}

extension CapabilitySet: CustomStringConvertible {
    /// The names of those above that are in it.
    public var description: String {
        let names: [(CapabilitySet, String)] = [
            (.dacOverride, "CAP_DAC_OVERRIDE"), (.dacReadSearch, "CAP_DAC_READ_SEARCH"), (.sysAdmin, "CAP_SYS_ADMIN"),
            (.sysResource, "CAP_SYS_RESOURCE"), (.syslog, "CAP_SYSLOG"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}
