import Testing

@testable import Kernel

/// What the kernel says around a report.
@Suite struct OOMReportRemarkTests {
    @Test(arguments: [
        ("Tasks in /box are going to be killed due to memory.oom.group set", RemarkLine.wholeGroup(CgroupPath("/box".utf8))),
        ("Out of memory and no killable processes...", .nobodyToKill),
        ("Kernel panic - not syncing: Out of memory and no killable processes...", .panic(.nobodyToKill)),
        ("Kernel panic: Out of memory and no killable processes...", .panic(.nobodyToKill)),
        ("Kernel panic - not syncing: System is deadlocked on memory", .panic(.deadlocked)),
        ("Kernel panic - not syncing: out of memory. panic_on_oom is selected", .panic(.panicOnOOM(isCompulsory: false))),
        (
            "Kernel panic - not syncing: out of memory. Compulsory panic_on_oom is selected.",
            .panic(.panicOnOOM(isCompulsory: true))
        ),
        (
            "Kernel panic - not syncing: out of memory from page fault. panic_on_oom is selected.",
            .panic(.panicOnOOM(isCompulsory: false))
        ),
        ("Kernel panic - not syncing: out of memory(memcg). panic_on_oom is selected.", .panic(.panicOnOOM(isCompulsory: false))),
        (
            "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled",
            .panic(.panicOnOOM(isCompulsory: false))
        ),
        (
            "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled",
            .panic(.panicOnOOM(isCompulsory: true))
        ),
        ("Would have oom-killed but /proc/sys/vm/oom-kill is disabled", .switchedOff),
        ("SysRq : Manual OOM execution", .sysRq), ("sysrq: SysRq : Manual OOM execution", .sysRq),
        ("sysrq: Manual OOM execution", .sysRq), ("sysrq: OOM request ignored. No task eligible", .requestIgnored),
        ("OOM request ignored because killer is disabled", .requestIgnored),
        (
            "oom_reaper: reaped process 5740 (pa)use), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
            .reaped(ProcessID(5740), "pa)use")
        ),
        ("oom_reaper: reaped process 350 (polkitd), now", .reaped(ProcessID(350), "polkitd")),
        ("oom_reaper: unable to reap pid:17 (a)", .notReaped(ProcessID(17))),
        ("oom_reaper: giving up pid:17 (a)", .notReaped(ProcessID(17))),
        ("Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF", .pageFaultLeaked),
        ("oom_kill_process: 132 callbacks suppressed", .suppressed(by: "oom_kill_process", count: 132)),
        ("__ratelimit: 12 messages suppressed", .suppressed(by: nil, count: 12)),
        ("printk: 7 messages suppressed.", .suppressed(by: nil, count: 7)),
        ("OOM kill occurred on an x86_64 NUMA system!", .numaHint),
        ("Kill process 4711 (java) sharing same memory", .sharingMemory(ProcessID(4711))),
        ("oom killer 4711 (java) has mm pinned by 1 (init)", .pinned(ProcessID(4711))),
        ("tried to kill init!", .triedToKillInit), ("tried to kill an mm-less task!", .triedToKillWithoutMemory),
    ])
    func readsTheLinesOfEveryEra(line: String, remark: RemarkLine) {
        #expect(RemarkLine(line.bytes) == remark)
    }

    @Test(arguments: [
        "", "Kernel panic - not syncing: VFS: Unable to mount root fs", "Tasks state (memory values in pages):",
        "SysRq : Show Memory", "sysrq: HELP", "OOM killer disabled.", "oom_reaper: hello", "a b: 3 callbacks suppressed",
        "Killed process 12 (a)", "x: suppressed",
    ])
    func otherLinesAreNone(line: String) {
        #expect(RemarkLine(line.bytes) == nil)
    }
}

/// Kills that are not the kernel's.
@Suite struct OOMReportUserspaceKillTests {
    func kill(_ line: String, by program: String? = nil) -> UserspaceKill? {
        guard case .kill(let kill) = UserspaceKillLine(line.bytes, program: program) else { return nil }
        return kill
    }

    @Test func systemdKillsAGroupForPressure() {
        let kill = kill(
            "Killed /user.slice/user-1000.slice/a.scope due to memory pressure for /user.slice/user-1000.slice being 65.30% > "
                + "60.00% for > 30s with reclaim activity", by: "systemd-oomd")
        #expect(kill?.killer == .systemdOOMD)
        #expect(kill?.cgroup == CgroupPath("/user.slice/user-1000.slice/a.scope".utf8))
        #expect(kill?.pressed == CgroupPath("/user.slice/user-1000.slice".utf8))
        #expect(kill?.processID == nil)
        #expect(kill?.isForSwap == false)
    }

    @Test func systemdKillsAGroupForSwap() {
        let words = "memory used (16000) / total (16384) and swap used (900) / total (1000) being more than 90.00%"
        #expect(kill("Killed /a due to \(words)")?.isForSwap == true)
        #expect(kill("Marked /a for killing due to \(words)")?.cgroup == CgroupPath("/a".utf8))
        #expect(kill("Killed /a due to boredom") == nil)
    }

    @Test func earlyoomSignalsAProcess() {
        let kill = kill(
            #"sending SIGTERM to process 4711 uid 1000 "fire"fox": oom_score 800, oom_score_adj -5, VmRSS 2 MiB, cmdline "/x "y": oom_score 1""#,
            by: "earlyoom")
        #expect(kill?.killer == .earlyoom)
        #expect(kill?.processID == ProcessID(4711))
        #expect(kill?.userID == 1000)
        #expect(kill?.comm == #"fire"fox"#)
        #expect(kill?.signal == "SIGTERM")
        #expect(kill?.score == 800)
        #expect(kill?.scoreAdjustment == -5)
        #expect(kill?.resident == Bytes(2_097_152))
    }

    @Test func earlyoomUpTo1_7SaysBadness() {
        let kill = kill(#"sending SIGKILL to process 9994 uid 33 "termshark": badness 1181, VmRSS 1 MiB"#)
        #expect(kill?.comm == "termshark")
        #expect(kill?.score == 1181)
        #expect(kill?.signal == "SIGKILL")
        #expect(kill?.resident == Bytes(1_048_576))
    }

    @Test func earlyoomWarnsBefore() {
        #expect(
            UserspaceKillLine("low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%".bytes)
                == .lowMemory(signal: "SIGTERM"))
    }

    @Test func anotherProgramIsNotBelieved() {
        #expect(kill(#"sending SIGKILL to process 9994 uid 33 "a": badness 1, VmRSS 1 MiB"#, by: "sshd") == nil)
        #expect(kill("sending SIGTERM when mem <= 10.00% and swap <= 10.00%,") == nil)
    }
}
