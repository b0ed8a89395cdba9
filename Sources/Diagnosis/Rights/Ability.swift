public import Kernel

/// One thing that a daemon on this machine may be asked for: whether it can, and what is missing.
public struct Ability: Hashable, Sendable {
    public let what: What
    public let isPossible: Bool
    /// Names of capabilities, or `uid 0`.
    public let missing: [String]
    /// Half a sentence: what decides.
    public let reason: String
    /// What would make it possible; nil where it is.
    public let nextStep: String?

    public enum What: String, Hashable, Sendable, CaseIterable {
        case lowerAdjustment = "lower_oom_score_adj"
        case adjustOtherUsers = "adjust_other_users"
        case readKernelLog = "read_kernel_log"
        case followProcessEvents = "follow_process_events"
        case seeSharedMemory = "see_shared_memory"
        case readMigrateTypes = "read_migrate_types"
        case tuneVM = "tune_vm"
        case namePIDsOfTheLog = "name_pids_of_the_log"
    }

    /// - Parameters:
    ///   - log: nil where the kernel's log is read, else why not.
    ///   - noEvents: why the kernel does not tell of new processes; nil where it does.
    public static func all(of rights: OwnRights, log: SourceError?, noEvents: SourceError?) -> [Ability] {
        [
            lowerAdjustment(rights), adjustOtherUsers(rights), readKernelLog(rights, log),
            followProcessEvents(rights, noEvents), seeSharedMemory(rights), readMigrateTypes(rights), tuneVM(rights),
            namePIDs(rights),
        ]
    }

    private init(_ what: What, _ reason: String, missing: [String] = [], isPossible: Bool, next: String) {
        self.what = what
        self.isPossible = isPossible
        self.missing = missing
        self.reason = reason
        nextStep = isPossible ? nil : next
    }

    /// What a capability decides.
    private init(_ what: What, _ rights: OwnRights, _ needed: CapabilitySet, _ reason: String) {
        let isPossible = rights.has(needed)
        let isElsewhere = rights.effective.contains(needed)
        self.init(
            what, reason, missing: isPossible ? [] : needed.names, isPossible: isPossible,
            next: isElsewhere
                ? "run it outside of its user namespace, where its capabilities count (PrivateUsers=no)"
                : "add \(needed.description) to AmbientCapabilities and CapabilityBoundingSet of the unit")
    }
}

extension Ability {
    /// Kernel: fs/proc/base.c, `__set_oom_adj()`.
    private static func lowerAdjustment(_ rights: OwnRights) -> Ability {
        Ability(
            .lowerAdjustment, rights, .sysResource,
            "the kernel takes a value below the last one that a privileged writer set only with CAP_SYS_RESOURCE")
    }

    /// The file has mode 0644 and belongs to the process's user. Kernel: fs/proc/base.c, `tgid_base_stuff`.
    private static func adjustOtherUsers(_ rights: OwnRights) -> Ability {
        Ability(
            .adjustOtherUsers, rights, .dacOverride,
            "oom_score_adj belongs to the user of its process: another's is opened for writing only with CAP_DAC_OVERRIDE")
    }

    /// Kernel: kernel/printk/printk.c, `check_syslog_permissions()`.
    private static func readKernelLog(_ rights: OwnRights, _ failure: SourceError?) -> Ability {
        guard let failure else {
            return Ability(.readKernelLog, "the kernel's log is being read", isPossible: true, next: "")
        }
        var missing: [String] = []
        if case .unreadable(_, let errno) = failure {
            missing = errno == 1 ? ["CAP_SYSLOG"] : errno == 13 ? ["CAP_DAC_READ_SEARCH"] : []
        }
        return Ability(
            .readKernelLog, "the kernel's log cannot be read: \(failure.reason)", missing: missing, isPossible: false,
            next: missing.first.map { "add \($0) to AmbientCapabilities and CapabilityBoundingSet of the unit" }
                ?? "the log of the daemon has the path; analyze reads other logs")
    }

    /// Kernel: drivers/connector/cn_proc.c, `cn_proc_mcast_ctl()`: in the first pid and user namespace; and connector.c, `cn_init()`:
    /// in the first network namespace alone somebody listens.
    private static func followProcessEvents(_ rights: OwnRights, _ obstacle: SourceError?) -> Ability {
        guard let obstacle else {
            return Ability(.followProcessEvents, "new processes are seen by netlink", isPossible: true, next: "")
        }
        let connectionRefused: Int32 = 111
        let next: String
        var missing: [String] = []
        if case .unreadable(_, connectionRefused) = obstacle {
            next =
                "run it in the host's network namespace (docker: --network=host, Kubernetes: hostNetwork: true, PrivateNetwork=no)"
        } else if !rights.has(.netAdmin) {
            missing = ["CAP_NET_ADMIN"]
            next = "add CAP_NET_ADMIN to AmbientCapabilities and CapabilityBoundingSet, and AF_NETLINK to RestrictAddressFamilies"
        } else {
            next = "use a kernel with CONFIG_PROC_EVENTS, and the host's pid and user namespace"
        }
        return Ability(
            .followProcessEvents, "new processes are found by looking at all from time to time", missing: missing,
            isPossible: false, next: next)
    }

    /// Kernel: kernel/ptrace.c, `__ptrace_may_access()`.
    private static func seeSharedMemory(_ rights: OwnRights) -> Ability {
        Ability(
            .seeSharedMemory, rights, .sysPtrace,
            "smaps_rollup of another user's process, and whether two have one memory, are told only to those who may trace it")
    }

    private static func readMigrateTypes(_ rights: OwnRights) -> Ability {
        Ability(
            .readMigrateTypes, "pagetypeinfo is readable by root alone since 5.4",
            missing: rights.mayReadPageTypes ? [] : ["CAP_DAC_READ_SEARCH"], isPossible: rights.mayReadPageTypes,
            next: "add CAP_DAC_READ_SEARCH to AmbientCapabilities and CapabilityBoundingSet of the unit")
    }

    private static func tuneVM(_ rights: OwnRights) -> Ability {
        Ability(
            .tuneVM, "the files of /proc/sys/vm are root's to write",
            missing: rights.mayWriteVM || rights.user == 0 ? [] : ["uid 0"], isPossible: rights.mayWriteVM,
            next: rights.user == 0
                ? "mount /proc/sys for writing (ProtectKernelTunables=no)" : "run it as root, with ProtectKernelTunables=no")
    }

    private static func namePIDs(_ rights: OwnRights) -> Ability {
        let isPossible = rights.isInitialForPIDs != false
        return Ability(
            .namePIDsOfTheLog,
            isPossible
                ? "the daemon is in the first pid namespace, whose numbers the kernel's log has"
                : "the daemon is in a pid namespace of its own: pids of the kernel's log are other processes here, actions are refused",
            isPossible: isPossible, next: "run it in the host's pid namespace (docker: --pid=host, Kubernetes: hostPID: true)")
    }
}
