import Kernel
import Support
import Testing

/// Reports of the kernels before 5.0, made by hand in the forms of their sources.
@Suite struct OOMReportEraTests {
    /// 2.4: no report, and nobody says who asked.
    @Test func everyLineOf2_4IsAKill() {
        var log = LogScript()
        log.kernel("Out of Memory: Killed process 62 (portmap).", "Out of Memory: Killed process 2396 (dselect).")
        #expect(log.reports.map(\.kind) == [.killWithoutReport, .killWithoutReport])
        #expect(log.reports.map { $0.victims.map(\.processID) } == [[ProcessID(62)], [ProcessID(2396)]])
        #expect(log.reports.map(\.scope) == [.global, .global])
        #expect(log.reports.allSatisfy { !$0.isPartial })
    }

    @Test func aFaultThatCannotBeServedIn2_4EndsItsProcess() {
        var log = LogScript()
        log.kernel("__alloc_pages: 0-order allocation failed (gfp=0x1d2/0)", "VM: killing process gunzip")
        #expect(log.reports.map(\.kind) == [.kill])
        #expect(log.reports.map { $0.victims } == [[Victim(processID: nil, comm: "gunzip")]])
        #expect(log.reports.map { $0.request?.mask?.hexadecimal } == ["0x1d2"])
        #expect(log.reports.map { $0.request?.order } == [0])
        #expect(log.reports.map { $0.request?.kind } == [.user])
    }

    @Test func aFailureIn2_4ThatKillsNobodyIsAFailure() {
        var log = LogScript()
        log.kernel("__alloc_pages: 3-order allocation failed (gfp=0x20/0)", "eth0: memory squeeze")
        log.finish()
        #expect(log.reports.map(\.kind) == [.allocationFailure])
        #expect(log.reports.map { $0.request?.order } == [3])
    }

    /// 2.6.8 to 2.6.12: no name, no order, no `Mem-Info:`; every thread that shares the memory has a line.
    @Test func a2_6_11ReportKillsAllWhoShareTheMemory() {
        var log = LogScript()
        log.kernel("oom-killer: gfp_mask=0xd0", "DMA per-cpu:", "cpu 0 hot: low 2, high 6, batch 1")
        log.kernel("Active:9400 inactive:280265 dirty:35 writeback:0 unstable:0 free:5345 slab:220381 mapped:9238 pagetables:139")
        log.kernel("Normal free:3744kB min:3756kB low:4692kB high:5632kB active:60kB inactive:276kB present:901120kB")
        log.kernel("lowmem_reserve[]: 0 0 9212", "Normal: 0*4kB 0*8kB 234*16kB = 3744kB")
        log.kernel("Out of Memory: Killed process 17905 (terad).", "Out of Memory: Killed process 17906 (terad).")
        log.kernel("Out of Memory: Killed process 9 (other).")
        #expect(log.reports.map { $0.victims.map(\.processID) } == [[ProcessID(17905), ProcessID(17906)], [ProcessID(9)]])
        #expect(log.reports.map(\.kind) == [.kill, .killWithoutReport])
        #expect(log.reports.map(\.isPartial) == [false, false])
        #expect(log.reports.first?.zones.first?.protection == [Pages(0), Pages(0), Pages(9212)])
        #expect(log.reports.first?.counters?["slab"] == Pages(220_381))
        #expect(log.reports.first?.request?.kind == .kernel)
    }

    /// Red Hat's 2.6.9 says behind the kill that a node may have run out, not the machine.
    @Test func theHintBehindAKillIsPartOfItsReport() {
        var log = LogScript()
        log.kernel("Out of Memory: Killed process 2368 (jserver).", "OOM kill occurred on an x86_64 NUMA system!")
        log.kernel("The numa=off boot option might help avoid this.", "OOM kill occurred on an x86_64 NUMA system!")
        #expect(log.reports.map { $0.victims.map(\.processID) } == [[ProcessID(2368)]])
        #expect(log.reports.map { $0.quotes.remark?.number } == [101])
    }

    /// Since 5.0 the nodes stand in the line that sums the report up, not in its head.
    @Test(arguments: [("1", "1"), ("0-1,3", "0-1,3"), ("(null)", nil)] as [(String, String?)])
    func theNodesOfAPolicyAreRead(printed: String, mask: String?) {
        var log = LogScript()
        log.kernel("bound invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0")
        log.kernel(
            "oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=\(printed),cpuset=a,nodemask=7,mems_allowed=0-3,global_oom,"
                + "task_memcg=/,task=bound,pid=124,uid=0")
        log.kernel("Out of memory: Killed process 124 (bound) total-vm:8kB, anon-rss:4kB, file-rss:4kB, shmem-rss:0kB")
        #expect(log.reports.map(\.nodeMask) == [mask])
    }

    /// 2.6.36 to 5.0: the first line is the choice, the second the victim, and a third is no victim.
    @Test func theSecondLineIsTheVictim() {
        var log = LogScript()
        log.kernel("mysqld invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0")
        log.kernel("mysqld cpuset=/ mems_allowed=0", "Pid: 3710, comm: mysqld Not tainted 3.2.0-4-686-pae #1 Debian 3.2.46-1")
        log.kernel("Out of memory: Kill process 6344 (bash) score 12 or sacrifice child")
        log.kernel("Killed process 6345 (sleep) total-vm:2032kB, anon-rss:64kB, file-rss:484kB")
        log.kernel("Kill process 6346 (sleep) sharing same memory")
        #expect(log.reports.map { $0.victims.map(\.processID) } == [[ProcessID(6345)]])
        #expect(log.reports.first?.chosen == OOMReport.Chosen(processID: ProcessID(6344), comm: "bash", score: 12))
        #expect(log.reports.first?.invoker?.processID == ProcessID(3710))
        #expect(log.reports.first?.release == "3.2.0-4-686-pae")
        #expect(log.reports.first?.scope == .global)
    }

    /// 2.6.30 to 3.8 print a Mem-Info for a cgroup too; the words tell what had run out.
    @Test func aGroupOf2_6_32HasAMemInfoThatIsNotItsCause() {
        var log = LogScript()
        log.kernel("t invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0, oom_score_adj=0")
        log.kernel("Task in /test/a killed as a result of limit of /test", "memory: usage 10240kB, limit 10240kB, failcnt 32")
        log.kernel("Mem-Info:", "Node 0 DMA free:15684kB min:332kB low:412kB high:496kB present:15300kB")
        log.kernel("lowmem_reserve[]: 0 3000", "Node 0 DMA: 1*4kB 0*8kB 980*16kB = 15684kB")
        log.kernel("Memory cgroup out of memory: Kill process 15462 (t) score 1000 or sacrifice child")
        log.kernel("Killed process 15462, UID 500, (t) total-vm:17000kB, anon-rss:10000kB, file-rss:200kB")
        #expect(log.reports.map(\.scope) == [.memcg])
        #expect(log.reports.map(\.constraint) == [nil])
        #expect(log.reports.map { $0.limitCgroup?.text } == ["/test"])
        #expect(log.reports.map { $0.victimCgroup?.text } == ["/test/a"])
        #expect(log.reports.map { $0.victims.first?.userID } == [500])
        #expect(log.reports.map(\.isPartial) == [false])
    }

    @Test func theLimitOf3_16ComesInThreeRecords() {
        var log = LogScript()
        log.kernel("t invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0", "Task in /test/a")
        log.kernel(" killed as a result of limit of /test", "", "memory: usage 10240kB, limit 10240kB, failcnt 32")
        log.kernel("Memory cgroup out of memory: Kill process 15462 (t) score 1000 or sacrifice child")
        log.kernel("Killed process 15462 (t) total-vm:17000kB, anon-rss:10000kB, file-rss:200kB")
        #expect(log.reports.map { $0.limitCgroup?.text } == ["/test"])
        #expect(log.reports.map { $0.victimCgroup?.text } == ["/test/a"])
        #expect(log.reports.map(\.isPartial) == [false])
    }

    /// 2.6.16 to 2.6.32 say so in the words before the kill.
    @Test(arguments: [("No available memory in cpuset", OOMScope.cpuset), ("No available memory (MPOL_BIND)", .mempolicy)])
    func theWordsOfOldKernelsTellWhatHadRunOut(words: String, scope: OOMScope) {
        var log = LogScript()
        log.kernel(
            "a invoked oom-killer: gfp_mask=0x280d2, order=0, oomkilladj=0", "\(words): kill process 7 (a) score 90 or a child")
        log.kernel("Killed process 7 (a)")
        #expect(log.reports.map(\.scope) == [scope])
        #expect(log.reports.map { $0.invoker?.scoreAdjustment } == [0])
    }

    /// Before 4.4 SysRq f prints order 0.
    @Test func sysRqIsKnownByItsOwnLineOrItsTrace() {
        var log = LogScript()
        log.kernel("SysRq : Manual OOM execution", "events/0 invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0")
        log.kernel("Out of memory: kill process 7 (a) score 90 or a child", "Killed process 7 (a)")
        log.pass(seconds: 60)
        log.kernel(
            "kworker/0:1 invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0", " [<c10>] ? moom_callback+0x1a/0x20")
        log.kernel("Out of memory: Kill process 8 (b) score 90 or sacrifice child", "Killed process 8 (b)")
        #expect(log.reports.map(\.scope) == [.manual, .manual])
    }
}
