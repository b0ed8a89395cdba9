import Kernel
import Support
import Testing

/// Nobody died: failures, refusals, panics, and what only looks like one.
@Suite struct OOMReportRefusalTests {
    @Test func aFailedAllocationIsNoKill() {
        var log = LogScript()
        log.kernel(
            "ip: page allocation failure: order:4, mode:0xcc4(GFP_KERNEL|GFP_DMA32), nodemask=(null),cpuset=/,mems_allowed=0")
        log.kernel("CPU: 0 PID: 168 Comm: ip Not tainted 6.1.0-56-amd64 #1", "Mem-Info:", zone, reserve, blocks)
        log.kernel("1027 total pagecache pages", "Free swap  = 0kB", "Total swap = 0kB", "98171 pages RAM")
        log.finish()
        #expect(log.reports.map(\.kind) == [.allocationFailure])
        #expect(log.reports.first?.invoker == OOMReport.Invoker(comm: "ip", processID: ProcessID(168)))
        #expect(log.reports.first?.request?.order == 4)
        #expect(log.reports.first?.request?.kind == .dma32)
        #expect(log.reports.first?.zones.map(\.name) == ["DMA"])
        #expect(log.reports.first?.isPartial == false)
    }

    @Test func twoFailuresInARowKeepTheirNumbers() {
        var log = LogScript()
        for free in [3588, 4444] {
            log.kernel("mc: page allocation failure. order:1, mode:0x20", "Mem-info:")
            log.kernel("Normal free:\(free)kB min:1864kB low:2328kB high:2796kB present:216320kB", "lowmem_reserve[]: 0 0")
            log.kernel("Normal: \(free / 4)*4kB 0*8kB = \(free)kB", "Free swap  = 0kB", "Total swap = 0kB", "54784 pages of RAM")
        }
        log.finish()
        #expect(log.reports.map { $0.zones.map(\.free) } == [[Bytes(kibibytes: 3588)], [Bytes(kibibytes: 4444)]])
        #expect(log.reports.map { $0.totals.ram } == [Pages(54784), Pages(54784)])
    }

    /// The failure on one CPU, the kill on another: the callers tell their lines apart.
    @Test func callersTellTwoDumpsApart() {
        var log = LogScript()
        log.caller = "T1"
        log.kernel(header, processor, "Mem-Info:")
        log.caller = "T2"
        log.kernel("ip: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)", "Mem-Info:")
        for (caller, free) in [("T1", 100), ("T2", 200)] {
            log.caller = caller
            log.kernel("Node 0 DMA free:\(free)kB min:68kB low:84kB high:100kB present:16384kB", reserve)
        }
        log.caller = "T1"
        log.kernel(choice(41, "eater"), memcgKill(41, "eater"))
        log.finish()
        let free = Dictionary(uniqueKeysWithValues: log.reports.map { ($0.kind, $0.zones.map(\.free)) })
        #expect(free == [.kill: [Bytes(kibibytes: 100)], .allocationFailure: [Bytes(kibibytes: 200)]])
        #expect(log.reports.allSatisfy { $0.zones.first?.protection.count == 4 })
    }

    @Test func withoutCallersMixedNumbersAreNobodys() {
        var log = LogScript()
        log.kernel(header, "ip: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)", "Mem-Info:", "Mem-Info:")
        for free in [100, 200] {
            log.kernel("Node 0 DMA free:\(free)kB min:68kB low:84kB high:100kB present:16384kB")
        }
        log.kernel(reserve, reserve)
        log.finish()
        #expect(log.reports.count == 2)
        #expect(log.reports.flatMap(\.zones).isEmpty)
        #expect(log.reports.allSatisfy { $0.isPartial })
    }

    @Test func nobodyToKillIsARefusal() {
        var log = LogScript()
        log.kernel(header, processor, usage, "Out of memory and no killable processes...")
        #expect(log.reports.map(\.kind) == [.noKill])
        #expect(log.reports.first?.refusal == .nobodyToKill)
        #expect(log.reports.first?.quotes.remark?.text == "Out of memory and no killable processes...")
        #expect(log.reports.first?.invoker?.comm == "eater")
        #expect(log.reports.first?.isPartial == false)
    }

    @Test func thePanicThatFollowsIsOfTheSameReport() {
        var log = LogScript()
        log.kernel(header, processor, "Out of memory and no killable processes...")
        log.kernel(
            "Kernel panic - not syncing: System is deadlocked on memory", "CPU: 0 PID: 41 Comm: eater Not tainted 6.12.0 #1")
        log.kernel(" out_of_memory+0x2d3/0x2e0")
        log.finish()
        #expect(log.reports.map(\.refusal) == [.panic])
    }

    @Test(arguments: [
        "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled",
        "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled",
        "Kernel panic - not syncing: out of memory. panic_on_oom is selected",
        "Kernel panic - not syncing: Out of memory and no killable processes...",
    ])
    func aPanicIsARefusal(line: String) {
        var log = LogScript()
        log.kernel(header, processor, line)
        #expect(log.reports.map(\.kind) == [.noKill])
        #expect(log.reports.map(\.refusal) == [.panic])
    }

    @Test func aRequestOfSysRqThatFindsNobodyIsManual() {
        var log = LogScript()
        log.kernel(
            "sysrq: Manual OOM execution", "kworker/0:2 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0"
        )
        log.kernel("sysrq: OOM request ignored. No task eligible")
        #expect(log.reports.map(\.scope) == [.manual])
        #expect(log.reports.map(\.refusal) == [.nobodyToKill])
    }

    @Test func aVendorsSwitchIsARefusal() {
        var log = LogScript()
        log.kernel("oom-killer: gfp_mask=0x1d2", "Would have oom-killed but /proc/sys/vm/oom-kill is disabled")
        #expect(log.reports.map(\.refusal) == [.switchedOff])
        #expect(log.reports.map(\.kind) == [.noKill])
    }

    @Test func aVictimThatHadEndedIsARefusal() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"))
        log.kernel("Memory cgroup out of memory: OOM victim 41 (eater) is already exiting. Skip killing the task")
        log.expire()
        #expect(log.reports.map(\.refusal) == [.alreadyExiting])
        #expect(log.reports.map(\.limitCgroup?.text) == ["/box"])
    }

    @Test(arguments: ["SysRq : Show Memory", "sysrq: Show Memory", "sysrq: SysRq : Show Memory"])
    func memoryThatSomebodyAskedToSeeIsNoReport(line: String) {
        var log = LogScript()
        log.kernel(line, "Mem-Info:", "active_anon:1 inactive_anon:2 isolated_anon:0", zone, reserve, blocks, "98171 pages RAM")
        log.finish()
        #expect(log.reports == [])
    }

    @Test func aTableWithoutAnEndIsAReport() {
        var log = LogScript()
        log.kernel("[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name")
        log.kernel("[  390]     0   390    39012     1200      30        0             0 rsyslogd")
        log.finish()
        #expect(log.reports.map(\.kind) == [.kill])
        #expect(log.reports.map(\.isPartial) == [true])
        #expect(log.reports.first?.tasks.rows.map(\.comm) == ["rsyslogd"])
    }

    @Test func theTraceTellsAFailureWhoseLineIsLost() {
        var log = LogScript()
        log.kernel("CPU: 0 PID: 34 Comm: kworker/0:1 Tainted: G  C  6.1.66-2-rpi-ARCH #1", "Hardware name: BCM2711")
        log.kernel(" warn_alloc from __alloc_pages+0xe9c/0xfe8")
        log.finish()
        #expect(log.reports.map(\.kind) == [.allocationFailure])
        #expect(log.reports.first?.invoker == OOMReport.Invoker(comm: "kworker/0:1", processID: ProcessID(34)))
        #expect(log.reports.first?.release == "6.1.66-2-rpi-ARCH")
    }

    @Test func whatWasOpenAtABootWillNotEnd() {
        var log = LogScript()
        log.kernel(header, processor, "Linux version 6.12.1-amd64 (a@b)", memcgKill(41, "eater"))
        #expect(log.reports.map(\.kind) == [.kill, .killWithoutReport])
        #expect(log.reports.map { $0.victims.count } == [0, 1])
        #expect(log.reports.last?.release == "6.12.1-amd64")
    }
}
