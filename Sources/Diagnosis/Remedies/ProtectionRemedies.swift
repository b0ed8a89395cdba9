import Kernel

/// Who is killed and who is not: what can be set whatever the cause.
struct ProtectionRemedies {
    let facts: ReportFacts

    /// oom_score_adj since 2.6.36, oom_adj before.
    var protectOne: Remedy? {
        let isOld = facts.era.predatesRewrite
        let victim = facts.report.victims.first
        guard facts.report.kind != .allocationFailure, victim != nil || isOld else { return nil }
        return Remedy(
            title: "protect one process",
            why: isOld
                ? "-17 means never; other values of oom_adj (-16 to 15) double or halve the weight with each step before 2.6.36, and weigh "
                    + "linearly since, as oom_score_adj of -1000 to 1000 does"
                : "-1000 means never; other values move the weight linearly by thousandths of all memory. It does not give memory: another process dies",
            command: command(for: victim, isOld: isOld),
            risk:
                "if it is the one that uses the memory, everything else is killed first, and then the machine may panic for want of a victim"
        )
    }

    /// The victim is dead: what runs under its name, or its unit for all time to come.
    private func command(for victim: Victim?, isOld: Bool) -> String {
        let setting = isOld ? "-17 > /proc/$p/oom_adj" : "-1000 > /proc/$p/oom_score_adj"
        let unit = facts.report.victimCgroup.flatMap { CgroupIdentity(of: $0).unit }
        if !isOld, let unit, unit.hasSuffix(".service"), !unit.hasPrefix("user@") {
            let folder = Command.quoted("/etc/systemd/system/\(unit).d")
            return
                "mkdir -p \(folder) && printf '[Service]\\nOOMScoreAdjust=-1000\\n' > \(folder)/oom.conf && systemctl daemon-reload"
        }
        guard let name = victim?.comm?.text else { return "p=$(pidof postgres); echo \(setting)" }
        return "for p in $(pgrep -x \(Command.quoted(name))); do echo \(setting); done"
    }

    /// What the article's vm.oom-kill became.
    var switchOff: Remedy {
        Remedy(
            title: "do not switch the killer off",
            why:
                "vm.oom-kill was a switch of Red Hat's kernels (RHEL 3 and 4) and is gone; today: vm.panic_on_oom=1 (restart instead of killing), "
                + "vm.oom_kill_allocating_task=1 (kill who asks), vm.overcommit_memory=2 (refuse to promise what is not there)",
            command: "sysctl vm.panic_on_oom vm.oom_kill_allocating_task vm.overcommit_memory",
            risk:
                "without a killer the machine hangs instead; strict overcommit makes programs fail that reserve much and use little"
        )
    }

    var strictOvercommit: Remedy {
        Remedy(
            title: "promise only what is there (vm.overcommit_memory=2)",
            why: "then a program's request fails at once instead of a process being killed later",
            command: Command.sysctl("overcommit_memory", 2),
            risk:
                "programs that reserve far more than they use (Go, Java, Chromium) may not start; set vm.overcommit_ratio to fit")
    }
}

extension ReportEra {
    /// Of before 2.6.36: by release, or by zone lines that do not tell processes' pages from files' (before 2.6.28).
    var predatesRewrite: Bool { version.map { $0 < KernelVersion(2, 6, 36) } ?? hasJointLists }
}
