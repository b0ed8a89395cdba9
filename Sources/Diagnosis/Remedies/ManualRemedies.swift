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
                    "bit 64 of kernel.sysrq allows signalling of processes, SysRq f among them; root can always use /proc/sysrq-trigger",
                command: "sysctl -w kernel.sysrq=$(( $(sysctl -n kernel.sysrq) & ~65 ))",
                risk: "a hung desktop cannot be freed by hand"),
        ]
    }
}
