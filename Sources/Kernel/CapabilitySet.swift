/// The capabilities of a task, as the mask that `status` prints. Kernel: include/uapi/linux/capability.h.
public struct CapabilitySet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// CAP_DAC_OVERRIDE: open what belongs to another user, for writing too.
    public static let dacOverride = CapabilitySet(rawValue: 1 << 1)
    /// CAP_DAC_READ_SEARCH: read what is readable by root alone (pagetypeinfo since 5.4).
    public static let dacReadSearch = CapabilitySet(rawValue: 1 << 2)
    /// CAP_NET_ADMIN: hear of each new process over netlink.
    public static let netAdmin = CapabilitySet(rawValue: 1 << 12)
    /// CAP_SYS_PTRACE: look into the memory of another user's process.
    public static let sysPtrace = CapabilitySet(rawValue: 1 << 19)
    /// CAP_SYS_ADMIN: had a bonus in the badness of a process up to 4.16.
    public static let sysAdmin = CapabilitySet(rawValue: 1 << 21)
    /// CAP_SYS_RESOURCE: lower an adjustment below its floor.
    public static let sysResource = CapabilitySet(rawValue: 1 << 24)
    /// CAP_SYSLOG (since 2.6.37): read the kernel log where `kernel.dmesg_restrict` is 1.
    public static let syslog = CapabilitySet(rawValue: 1 << 34)
}

extension CapabilitySet: CustomStringConvertible {
    /// `CAP_SYSLOG, CAP_SYS_RESOURCE`.
    public var description: String { names.joined(separator: ", ") }

    /// By number; one that is newer than this list is `CAP_41`.
    public var names: [String] {
        (0..<64).filter { rawValue & 1 << UInt64($0) != 0 }.map { bit in
            "CAP_" + (bit < Self.known.count ? Self.known[bit] : String(bit))
        }
    }

    private static let known = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ]
}
