import Kernel

/// The kernel panicked.
enum PanicRemedies {
    static func told(_ facts: ReportFacts, isCompulsory: Bool) -> [Remedy] {
        [
            Remedy(
                title: "kill instead of panicking",
                why: "vm.panic_on_oom=0 is the default; 1 is meant for clusters that would rather fail over",
                command: Command.sysctl("panic_on_oom", isCompulsory && facts.isMemcg ? 1 : 0),
                risk: "a process is killed instead, perhaps one that matters"),
            Remedy(
                title: "restart after a panic", why: "without it the machine stays where it is",
                command: "sysctl -w kernel.panic=10", risk: "what it printed last is lost without pstore or kdump"),
        ]
    }

    static func withoutVictim(_ facts: ReportFacts, nobody: Bool) -> [Remedy] {
        let crash = Remedy(
            title: "give a crash kernel more memory (crashkernel=)",
            why: "a kernel that runs out while it boots has too little for its own structures"
                + (facts.use.whole.map {
                    ": it had \($0.words). If this was one, crashkernel=\(Bytes($0.count / 2 * 3).mebibytesUp)M on the kernel's command line"
                } ?? ""),
            command: nil,
            risk: "the memory is set aside from the running kernel")
        let exempt = Remedy(
            title: "exempt fewer processes",
            why: "every process that is left has an oom_score_adj of -1000, so the kernel has nobody to kill",
            command: "grep -l -x -e -1000 /proc/[0-9]*/oom_score_adj", risk: "none, it only reads")
        return nobody ? [crash] : [exempt, crash]
    }
}
