import Kernel

/// Somebody asked for a kill.
enum ManualRemedies {
    static func all(_ facts: ReportFacts) -> [Remedy] {
        [
            Remedy(
                title: "find who asked",
                why: "SysRq f comes from the keyboard, a serial console or a write to /proc/sysrq-trigger (root)",
                command: "sysctl kernel.sysrq", risk: "none, it only reads"),
            Remedy(
                title: "do not allow it from the keyboard",
                why:
                    "bit 64 of kernel.sysrq allows signalling of processes, SysRq f among them. 1 allows all: without that bit it is 446. "
                    + "Root can always use /proc/sysrq-trigger",
                command: "v=$(sysctl -n kernel.sysrq); [ \"$v\" = 1 ] && v=510; sysctl -w kernel.sysrq=$((v & ~64))",
                risk: "a hung desktop cannot be freed by hand"),
        ]
    }
}
