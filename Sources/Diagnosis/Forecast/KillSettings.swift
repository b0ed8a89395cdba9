public import Kernel

/// What of the machine decides beside the order: its settings, and who else kills here.
public struct KillSettings: Hashable, Sendable {
    /// vm.panic_on_oom; nil where it could not be read.
    public var panicOnOOM: Int?
    /// vm.oom_kill_allocating_task; nil where it could not be read.
    public var killsAllocatingTask: Int?
    /// Programs that kill before the kernel does: systemd-oomd, earlyoom.
    public var userspaceKillers: [ProcessStatus] = []
    /// By which the kernel's own scores are computed; nil where it is not known.
    public var machineFormula: BadnessFormula?
    /// False where the machine does not tell its version, and the newest formula is taken.
    public var knowsKernel = true
    /// A cgroup was asked for that no limit applies to: it shares the fate of the machine.
    public var unlimitedGroup: CgroupPath?
    /// Processes that could not be read.
    public var unreadable = 0
    /// False in a pid namespace of its own, which shows only the processes within it.
    public var seesAll = true
    /// The nodes that have memory; nil where zoneinfo could not be read.
    public var nodesWithMemory: NodeSet?

    public init() {}

    private static let killers: [CommandName] = ["systemd-oomd", "earlyoom", "oomd", "nohang", "low-memory-moni"]

    /// Names can be forged: they are good for a doubt, not for a proof.
    public static func userspaceKillers(among processes: [ProcessReading]) -> [ProcessStatus] {
        processes.map(\.status).filter { $0.memory != nil && killers.contains($0.commandName) }
    }
}
