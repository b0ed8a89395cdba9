import Kernel
import Support
import Testing

/// Lines that no capture has: torn ones, hostile names, the kernels between 5.0 and 5.5.
@Suite struct OOMReportLineTests {
    /// The kernel prints the line in pieces; another CPU or a process may write between any two of them.
    @Test func aChoiceCutInPiecesIsOneLine() {
        let pieces = [
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)", ",cpuset=n1,mems_allowed=0", ",oom_memcg=", "/n1",
            ",task_memcg=", "/n1/inner", ",task=eater,pid=41,uid=7",
        ]
        for cut in 1..<pieces.count {
            var log = LogScript()
            log.kernel(header, processor, usage, pieces[..<cut].joined())
            log.user("oom-kill:constraint=CONSTRAINT_NONE")
            log.kernel("usb 1-1: new device")
            log.piece(pieces[cut...].joined())
            log.kernel(memcgKill(41, "eater"))
            #expect(log.events.map(\.limitCgroup) == [CgroupPath("/n1".utf8)], "cut at \(cut)")
            #expect(log.events.map(\.victimCgroup) == [CgroupPath("/n1/inner".utf8)], "cut at \(cut)")
            #expect(log.events.map(\.completeness) == [.full], "cut at \(cut)")
        }
    }

    @Test func everyPieceMayComeAlone() {
        var log = LogScript()
        log.kernel(header, processor, zone, reserve, blocks, "oom-kill:constraint=CONSTRAINT_NONE,nodemask=0-1,3")
        for piece in [",cpuset=/,mems_allowed=0-1", ",global_oom", ",task_memcg=", "/c,task=init,pid=1,uid=0"] {
            log.piece(piece)
            log.user("noise")
        }
        log.piece(",task=eater,pid=41,uid=7")
        log.kernel("Out of memory: " + killed(41, "eater"))
        #expect(log.events.map(\.victimCgroup) == [CgroupPath("/c,task=init,pid=1,uid=0".utf8)])
        #expect(log.events.map(\.scope) == [.global])
        #expect(log.events.map(\.completeness) == [.full])
    }

    @Test func aHeaderCutInPiecesIsOneLine() {
        var log = LogScript()
        log.kernel("eater invoked oom-killer: gfp_mask=0x0(), nodemask=")
        log.user("noise")
        log.piece("(null)")
        log.piece(",  order=2, oom_score_adj=-17")
        log.kernel(processor, choice(41, "eater"), memcgKill(41, "eater"))
        #expect(log.events.map { $0.request?.order } == [2])
        #expect(log.events.map { $0.request?.mask } == [GFPMask(hexadecimal: "0x0", flags: [])])
        #expect(log.events.map { $0.invoker?.scoreAdjustment } == [-17])
        #expect(log.events.map { $0.invoker?.processID } == [ProcessID(41)])
    }

    /// The kill line has the name alone between its brackets, so it tells where the name begins in the other line.
    @Test func aNameThatLooksLikeAFieldIsNotTakenForOne() {
        var log = LogScript()
        log.kernel(
            header,
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/a,task_memcg=/a/b,task=my,task=evil,pid=12,uid=0",
            memcgKill(12, "my,task=evil"))
        #expect(log.events.map(\.victimCgroup) == [CgroupPath("/a/b".utf8)])
        log.kernel(
            header,
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/a,task_memcg=/a/b,task=my,task=evil,pid=13,uid=0",
            memcgKill(13, "evil"))
        #expect(log.events.last?.victimCgroup == CgroupPath("/a/b,task=my".utf8))
    }

    @Test func aCgroupThatHoldsTheKeysIsReadByItsParent() {
        var log = LogScript()
        let limit = "/x,task_memcg=/y"
        log.kernel(
            header,
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=\(limit),task_memcg=\(limit)/z,task=a,pid=12,uid=0",
            memcgKill(12, "a"))
        #expect(log.events.map(\.limitCgroup) == [CgroupPath(limit.utf8)])
        #expect(log.events.map(\.victimCgroup) == [CgroupPath((limit + "/z").utf8)])
    }

    @Test func aNameThatBeginsLikeAKillLineIsAName() {
        var log = LogScript()
        log.kernel("Out of memory:  invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0")
        log.kernel("CPU: 1 PID: 9 Comm: Out of memory:  Not tainted 6.1.0")
        log.kernel(choice(9, "Out of memory: "), memcgKill(9, "Out of memory: "))
        #expect(log.events.map { $0.invoker?.comm } == ["Out of memory: "])
        #expect(log.events.map { $0.invoker?.processID } == [ProcessID(9)])
        #expect(log.events.map { $0.victims.map(\.comm) } == [["Out of memory: "]])
    }

    @Test func aCgroupCannotForgeAHeader() {
        var log = LogScript()
        log.kernel("Memory cgroup stats for /x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0:")
        log.kernel(memcgKill(9, "a"))
        #expect(log.events.map(\.invoker) == [nil])
        #expect(log.events.map(\.request) == [nil])
    }

    @Test func the5_0KernelNamesTheChosenAndThenTheVictim() {
        var log = LogScript()
        log.kernel(header, choice(40, "parent", constraint: "NONE"))
        log.kernel("Memory cgroup out of memory: Kill process 40 (parent) score 1923 or sacrifice child")
        log.kernel("Killed process 43 (child) total-vm:100kB, anon-rss:40kB, file-rss:0kB, shmem-rss:0kB")
        #expect(log.events.count == 1)
        #expect(log.events.map(\.scope) == [.memcg])
        #expect(log.events.map(\.constraint) == ["none"])
        #expect(log.events.map { $0.victims.map(\.processID) } == [[ProcessID(43)]])
        // The user of the chosen one need not be the child's.
        #expect(log.events.first?.victims.first?.userID == nil)
        #expect(log.events.first?.victims.first?.memory.pageTables == nil)
        #expect(log.events.first?.victims.first?.memory.anonymous == Bytes(kibibytes: 40))
    }

    @Test func a5_0KillWithoutReportIsOneEvent() {
        var log = LogScript()
        log.kernel("Memory cgroup out of memory: Kill process 40 (parent) score 1923 or sacrifice child")
        log.kernel("Killed process 43 (child) total-vm:100kB, anon-rss:40kB, file-rss:0kB, shmem-rss:0kB")
        #expect(log.events.map(\.kind) == [.killWithoutReport])
        #expect(log.events.map(\.scope) == [.memcg])
        #expect(log.events.map(\.completeness) == [.none])
    }

    /// 5.4 and 5.5 print 397312 bytes as `397312kB`; 5.6 would have printed 388kB.
    @Test(arguments: [(397_312, 397_312), (388, 388 * 1024), (0, 0), (2508, 2508 * 1024)])
    func pageTablesOf5_4AreBytes(printed: Int, bytes: Int) {
        var log = LogScript()
        log.kernel(
            "Out of memory: Killed process 9 (a) total-vm:67110248kB, anon-rss:178924kB, file-rss:4kB, shmem-rss:796kB, "
                + "UID:0 pgtables:\(printed)kB oom_score_adj:0")
        #expect(log.events.first?.victims.first?.memory.pageTables == Bytes(bytes))
    }

    @Test func a5_1KillLineHasNoUserAndTheChoiceHas() {
        var log = LogScript()
        log.kernel(header, choice(41, "eater"))
        log.kernel(
            "Memory cgroup out of memory: Killed process 41 (eater) total-vm:100kB, anon-rss:40kB, file-rss:0kB, shmem-rss:0kB")
        #expect(log.events.first?.victims.first?.userID == 1000)
        #expect(log.events.first?.victims.first?.scoreAdjustment == nil)
    }

    @Test(arguments: [
        ("NONE", ",global_oom", OOMScope.global, "none"), ("CPUSET", ",global_oom", .cpuset, "cpuset"),
        ("MEMORY_POLICY", ",global_oom", .mempolicy, "mempolicy"), ("MEMCG", ",oom_memcg=/a", .memcg, "memcg"),
        ("NONE", ",oom_memcg=/a", .memcg, "none"), ("NONE", "", .global, "none"), ("BPF", ",global_oom", .unknown, "bpf"),
    ])
    func scopeIsJudgedByTheGroupAndTheConstraint(
        constraint: String, middle: String, scope: OOMScope, word: String
    ) {
        var log = LogScript()
        let message = middle.contains("oom_memcg") ? "Memory cgroup out of memory: " : "Out of memory: "
        log.kernel(
            header, "oom-kill:constraint=CONSTRAINT_\(constraint),nodemask=(null)\(middle),task_memcg=/a,task=b,pid=5,uid=0")
        log.kernel(message + killed(5, "b"))
        #expect(log.events.map(\.scope) == [scope])
        #expect(log.events.map(\.constraint) == [word])
    }

    @Test func theKillOfTheAskerIsNoOtherKind() {
        var log = LogScript()
        log.kernel("Out of memory (oom_kill_allocating_task): " + killed(9, "a"))
        #expect(log.events.map(\.scope) == [.global])
        #expect(log.events.map(\.constraint) == [nil])
    }

    /// The thread that was chosen may have let go of its memory; the kernel then kills by another of the same process.
    @Test func anotherThreadOfTheChosenIsTheSameKill() {
        var log = LogScript()
        log.kernel(header, processor, usage, choice(41, "worker"), memcgKill(40, "main"))
        #expect(log.events.map(\.completeness) == [.full])
        #expect(log.events.map { $0.victims.map(\.processID) } == [[ProcessID(40)]])
    }
}
