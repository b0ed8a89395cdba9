import Diagnosis
import Kernel
import Testing

/// The causes that the kernel tells outright.
@Suite struct OutrightRuleTests {
    @Test func panicOnOOMIsAPanic() {
        var report = ReportScene.dryMachine(anonymous: 80_000)
        report.kind = .noKill
        report.refusal = .panic
        report.victims = []
        report.quotes.remark = ReportScene.line(
            50, "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled")
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .panic)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.summary.hasPrefix("no process was killed: the kernel panicked instead."))
        #expect(diagnosis.remedies.first?.command == "sysctl -w vm.panic_on_oom=0")
    }

    @Test func aPanicInsideAGroupIsStillAPanic() {
        var report = ReportScene.report(.noKill)
        report.scope = .memcg
        report.refusal = .panic
        report.quotes.remark = ReportScene.line(
            50, "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled")
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .panic)
        #expect(diagnosis.remedies.first?.command == "sysctl -w vm.panic_on_oom=1")
    }

    /// A crash kernel: its table has a header and no row.
    @Test func nobodyToKillAtBootIsAPanic() {
        var report = Self.deadlocked
        report.tasks = ReportScene.table([])
        #expect(OOMDiagnosis(of: report).cause == .panic)
        #expect(OOMDiagnosis(of: report).confidence == .likely)
    }

    /// The log ends before the panic that follows in any case; a memory cgroup is only told so.
    @Test func nobodyToKillInTheMachineIsAPanicToCome() {
        var report = Self.deadlocked
        report.scope = .global
        report.refusal = .nobodyToKill
        report.tasks = ReportScene.table([])
        #expect(OOMDiagnosis(of: report).cause == .panic)
        report.scope = .memcg
        #expect(OOMDiagnosis(of: report).cause == .memcgLimit)
    }

    /// Exempt processes hold 80,000 of 102,400 pages: that they filled the machine is the cause, the panic what followed.
    @Test func exemptProcessesThatFillTheMachineAreTheCause() {
        var report = Self.deadlocked
        report.tasks = ReportScene.table([ReportScene.task(90, "exempt", resident: 80_000, adjustment: -1000)])
        #expect(OOMDiagnosis(of: report).cause == .memoryExhausted)
    }

    private static var deadlocked: OOMReport {
        var report = ReportScene.dryMachine(anonymous: 80_000)
        report.kind = .noKill
        report.refusal = .panic
        report.victims = []
        report.quotes.remark = ReportScene.line(50, "Kernel panic - not syncing: System is deadlocked on memory")
        return report
    }

    @Test func orderMinusOneIsSysRq() {
        var report = ReportScene.dryMachine(anonymous: 80_000)
        report.request = ReportScene.request(.kernel, order: -1)
        report.quotes.header = ReportScene.line(
            1, "kworker/0:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0")
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .manual)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.deniedBy?.test == .sysrq)
    }

    @Test func aCutSysRqReportIsLessSure() {
        var report = ReportScene.report(.noKill)
        report.request = ReportScene.request(.kernel, order: -1)
        #expect(OOMDiagnosis(of: report).cause == .manual)
        #expect(OOMDiagnosis(of: report).confidence == .likely)
    }

    private static var kswapd: OOMReport {
        var report = ReportScene.dryMachine(anonymous: 80_000)
        report.release = "6.12.117"
        report.invoker = OOMReport.Invoker(comm: "kswapd0", processID: ProcessID(44))
        report.request = ReportScene.request(.kernel, mask: "0xcc0", flags: ["GFP_KERNEL"])
        return report
    }

    @Test func kswapdItselfMeansMinTTL() {
        let diagnosis = OOMDiagnosis(of: Self.kswapd)
        #expect(diagnosis.cause == .workingSetTTL)
        #expect(diagnosis.confidence == .certain)
    }

    /// A program of that name asks for a process's page and is in the table.
    @Test func aProgramThatIsCalledKswapd0IsNone() {
        var report = Self.kswapd
        report.request = ReportScene.request(.user, mask: "0x140dca", flags: ["GFP_HIGHUSER_MOVABLE"])
        #expect(OOMDiagnosis(of: report).cause != .workingSetTTL)
        report = Self.kswapd
        report.tasks = ReportScene.table([ReportScene.task(44, "kswapd0", resident: 10)])
        #expect(OOMDiagnosis(of: report).cause != .workingSetTTL)
    }

    /// numa-mempolicy: 42,855 pages free in all, 9,396 kB of them on node 1.
    @Test func aMemoryPolicyIsNamedWithWhatWasFreeElsewhere() {
        var report = ReportScene.report(release: "6.1.0")
        report.constraint = "mempolicy"
        report.scope = .mempolicy
        report.nodeMask = "1"
        report.request = ReportScene.request(.user, mask: "0x140dca", flags: ["GFP_HIGHUSER_MOVABLE"])
        report.zones = [
            ReportScene.zone("DMA32", node: 1, free: 9396, min: 9428, high: 14_140, size: 194_192, reserve: [0, 0, 0, 0, 0])
        ]
        report.counters = ReportScene.counters(["free": 42_855])
        report.totals.ram = Pages(163_707)
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .cpusetOrMempolicy)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.deniedBy?.nodes == "1")
        // 171,420 − 9,396 kB
        #expect(diagnosis.summary.contains("158 MiB were free where it might not look"))
        #expect(
            diagnosis.summary.contains("only the memory of node 1, and node 1 DMA32 had 9396 KiB that this request could use"))
        #expect(diagnosis.deniedBy?.node == 1)
        #expect(diagnosis.deniedBy?.zone == "DMA32")
        #expect(diagnosis.evidence.contains { $0.claim.hasPrefix("node 1 DMA32 had 9396 KiB free") })
        #expect(!diagnosis.remedies.contains { $0.command?.contains("/proc/1") == true })
    }

    /// An old kernel shows every node and no policy, but a page of node 1 was not taken.
    @Test func oneDryNodeBesideAnEmptyOneIsAPolicy() {
        var report = ReportScene.report(release: "3.0.101")
        report.request = ReportScene.request(.user, mask: "0x280da")
        report.zones = [
            ReportScene.zone("Normal", node: 0, free: 8120, min: 8160, high: 12_240, size: 791_193, reserve: [0, 0, 0, 0]),
            ReportScene.zone("Normal", node: 1, free: 476_718, min: 8192, high: 12_288, size: 794_296, reserve: [0, 0, 0, 0]),
        ]
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .cpusetOrMempolicy)
        #expect(diagnosis.confidence == .possible)
        report.zones[1].free = Bytes(kibibytes: 40_000)
        #expect(OOMDiagnosis(of: report).cause != .cpusetOrMempolicy)
    }

    @Test func aCpusetWithoutCountersIsLikely() {
        var report = ReportScene.report()
        report.constraint = "cpuset"
        #expect(OOMDiagnosis(of: report).cause == .cpusetOrMempolicy)
        #expect(OOMDiagnosis(of: report).confidence == .likely)
    }

    @Test func aUserspaceKillIsNotTheKernels() {
        var report = ReportScene.report(.userspaceKill)
        report.quotes.remark = ReportScene.line(
            3, "Killed /a due to memory used (1 of 2) and swap used (3 of 4) being more than 90.00%")
        #expect(OOMDiagnosis(of: report).deniedBy?.test == .userspace)
        #expect(OOMDiagnosis(of: report).cause == .swapExhausted)
        report.quotes.remark = ReportScene.line(
            3,
            "Killed /system.slice/a.service due to memory pressure for /b being 61.02% > 50.00% for > 20s with reclaim activity")
        report.victimCgroup = CgroupPath("/system.slice/a.service".utf8)
        #expect(OOMDiagnosis(of: report).cause == .unknown)
        #expect(
            OOMDiagnosis(of: report).summary.hasPrefix(
                "unit a.service was killed because systemd-oomd found memory pressure for /b at 61.02%, above its limit of 50.00% for more than 20s"
            ))
    }
}
