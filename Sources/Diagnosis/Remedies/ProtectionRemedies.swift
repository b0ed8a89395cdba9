import Kernel

/// Who is killed and who is not: what can be set whatever the cause.
struct ProtectionRemedies {
    let facts: ReportFacts

    /// oom_score_adj since 2.6.36, oom_adj before.
    var protectOne: Remedy? {
        let isOld = facts.era.predatesRewrite
        guard facts.report.kind != .allocationFailure, !facts.report.victims.isEmpty || isOld else { return nil }
        return Remedy(
            title: "protect one process",
            why: isOld
                ? "-17 means never; since 2.6.36 that is -1000 in oom_score_adj. Other values of oom_adj (-16 to 15) double or halve the "
                    + "weight with each step before, and weigh linearly since, as oom_score_adj of -1000 to 1000 does"
                    + (name == nil ? ". NAME stands for the program to be protected, the log names none" : "")
                : "-1000 means never; another process dies instead. Other values move the weight linearly by thousandths of all memory",
            command: command(isOld: isOld),
            risk: "if it is what fills the memory, all else is killed; then a panic"
        )
    }

    /// Of a program that the log tells of: the victim, else the biggest process.
    private var name: String? {
        let biggest = facts.report.tasks.rows.max { ($0.resident ?? .zero) < ($1.resident ?? .zero) }
        return facts.report.victims.first?.comm?.text ?? biggest?.comm.text
    }

    /// The victim is dead: what runs under its name, or its unit for all time to come.
    private func command(isOld: Bool) -> String {
        let setting = isOld ? "echo -17 > /proc/$p/oom_adj" : "echo -1000 > /proc/$p/oom_score_adj"
        let unit = facts.report.victimCgroup.flatMap { CgroupIdentity(of: $0).unit }
        if !isOld, let unit, unit.hasSuffix(".service"), !unit.hasPrefix("user@") {
            let folder = Command.quoted("/etc/systemd/system/\(unit).d")
            return
                "mkdir -p \(folder) && printf '[Service]\\nOOMScoreAdjust=-1000\\n' > \(folder)/oom.conf && systemctl daemon-reload"
        }
        return Command.forEach(named: name ?? "NAME", setting)
    }

    /// What the article's vm.oom-kill became.
    var switchOff: Remedy {
        Remedy(
            title: "do not switch the killer off",
            why:
                "vm.oom-kill (RHEL 3 and 4) is gone; without a killer the machine hangs. Today: vm.panic_on_oom=1 (restart instead of killing), "
                + "vm.oom_kill_allocating_task=1 (kill who asks), vm.overcommit_memory=2 (refuse to promise what is not there; "
                + "programs fail that reserve much and use little)",
            command: "sysctl vm.panic_on_oom vm.oom_kill_allocating_task vm.overcommit_memory",
            risk: "none, it only reads")
    }

    /// Without a ratio half of RAM and swap may be promised, and where more is promised already nothing can be started.
    ///
    /// Kernel: mm/util.c, `vm_commit_limit()`: RAM less huge pages, times the ratio, and swap.
    var strictOvercommit: Remedy {
        let ratio = overcommitRatio
        return Remedy(
            title: "promise only what is there (vm.overcommit_memory=2)",
            why: "a program's request fails at once instead of a process being killed later. "
                + (ratio.map { "\($0) % of RAM is what the kernel leaves to processes here, swap comes on top. " } ?? "")
                + "Compare first: grep -i commit /proc/meminfo; with Committed_AS above the limit no program can be started",
            command: ratio.map { "sysctl -w vm.overcommit_ratio=\($0) && sysctl -w vm.overcommit_memory=2" },
            risk: "programs that reserve far more than they use (Go, Java, Chromium) may not start")
    }

    /// What of RAM without huge pages is not the kernel's own, in per cent; 95 at most.
    private var overcommitRatio: Int? {
        guard let whole = facts.use.whole else { return nil }
        let ram = whole - facts.use["huge_pages"]
        guard ram > .zero else { return nil }
        return min(max(100 - (facts.use.kernel.thousandths(of: ram) + 9) / 10, 50), 95)
    }
}

extension ReportEra {
    /// Of before 2.6.36: by release, or by zone lines that do not tell processes' pages from files' (before 2.6.28).
    var predatesRewrite: Bool { version.map { $0 < KernelVersion(2, 6, 36) } ?? hasJointLists }
}
