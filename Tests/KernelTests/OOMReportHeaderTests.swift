import Testing

@testable import Kernel

/// The first line of a report and those under it.
@Suite struct OOMReportHeaderTests {
    func header(_ line: String) -> OOMReportHeader? { OOMReportHeader(line.bytes) }

    @Test func aHeaderOf2_6_8HasNoNameAndNoOrder() {
        let header = header("oom-killer: gfp_mask=0x1d2")
        #expect(header?.comm == nil)
        #expect(header?.mask == GFPMask(hexadecimal: "0x1d2", flags: nil))
        #expect(header?.order == nil)
        #expect(header?.era == .linux26)
        #expect(header?.isComplete == true)
    }

    @Test func aHeaderOf2_6_13HasAnOrder() {
        #expect(header("oom-killer: gfp_mask=0xd0, order=1")?.order == 1)
    }

    /// 1000 × 5 / 17 is 294.
    @Test(arguments: ["oomkilladj", "oom_adj"])
    func theLegacyAdjustmentIsConverted(key: String) {
        let header = header("basename invoked oom-killer: gfp_mask=0xd0, order=2, \(key)=5")
        #expect(header?.comm == "basename")
        #expect(header?.order == 2)
        #expect(header?.scoreAdjustment == 294)
        #expect(header?.era == .linux26)
    }

    @Test func theScoreOf2_6_36WinsOverTheLegacyOne() {
        #expect(header("t invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=5, oom_score_adj=300")?.scoreAdjustment == 300)
    }

    @Test func aBareMaskOf4_4IsKnownByItsBits() {
        #expect(header("a invoked oom-killer: gfp_mask=0x24000c0, order=0, oom_score_adj=0")?.era == .linux44)
        #expect(header("a invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0")?.era == .linux26)
    }

    @Test func orderMayComeFirst() {
        let header = header("kworker/0:2 invoked oom-killer: order=-1, oom_score_adj=-17, gfp_mask=0x24000c0(GFP_KERNEL)")
        #expect(header?.order == -1)
        #expect(header?.scoreAdjustment == -17)
        #expect(header?.mask?.flags == ["GFP_KERNEL"])
        #expect(header?.era == nil)
    }

    @Test(arguments: [
        ("nodemask=0-1,3, order=0", "0-1,3"), ("nodemask=0, order=0", "0"), ("nodemask=(null),  order=0", nil), ("order=0", nil),
    ])
    func theNodeMaskIsKeptAsText(fields: String, nodes: String?) {
        let header = header("a invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), \(fields), oom_score_adj=0")
        #expect(header?.nodeMask == nodes)
        #expect(header?.order == 0)
    }

    @Test func aCutHeaderHasWhatIsThere() {
        let header = header("syz invoked oom-killer:")
        #expect(header?.comm == "syz")
        #expect(header?.mask == nil)
        #expect(header?.isComplete == false)
    }

    @Test func aLongNameIsNone() {
        #expect(header("sixteen letters. invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0") == nil)
        #expect(header("oom-kill:constraint=CONSTRAINT_NONE") == nil)
    }
}

/// `CPU:`, `Pid:` and `cpuset=`.
@Suite struct OOMReportProcessorLineTests {
    /// 6.11 put the user before the process.
    @Test(arguments: [
        ("CPU: 3 PID: 77 Comm: x Not tainted 4.9.0+ #78", 77, "4.9.0+"),
        (
            "CPU: 3 UID: 0 PID: 77 Comm: x Not tainted 6.17.0-rc2-00053-gb19a97d57c15 #119 PREEMPT(voluntary) ", 77,
            "6.17.0-rc2-00053-gb19a97d57c15"
        ),
        ("CPU: 3 PID: 77 Comm: x Kdump: loaded Tainted: G            E      6.1.119-1.el9.x86_64 #1", 77, "6.1.119-1.el9.x86_64"),
        (
            "CPU: 3 PID: 77 Comm: x Tainted: G    B          ------------ T 3.10.0-327.4.5.el7.x86_64 #1", 77,
            "3.10.0-327.4.5.el7.x86_64"
        ),
        ("Pid: 77, comm: x Not tainted 2.6.32-220.7.1.el6.x86_64 #1", 77, "2.6.32-220.7.1.el6.x86_64"),
    ])
    func tellsNumberAndRelease(line: String, pid: Int32, release: String) {
        let processor = ProcessorLine(line.bytes)
        #expect(processor?.processID == ProcessID(pid))
        #expect(processor?.release == release)
        #expect(processor?.comm == "x")
        #expect(processor?.isAbout("x") == true)
        #expect(processor?.isAbout("y") == false)
    }

    @Test func theLineOfS390HasNoProcess() {
        let processor = ProcessorLine("CPU: 0 Not tainted 2.6.28 #1".bytes)
        #expect(processor?.processID == nil)
        #expect(processor?.release == "2.6.28")
        #expect(processor?.isAbout("x") == false)
    }

    @Test func aCutLineHasNoRelease() {
        let processor = ProcessorLine("CPU: 0 PID: 9 Comm: syz-executor.0 Not".bytes)
        #expect(processor?.release == nil)
        #expect(processor?.isAbout("syz-executor.0") == true)
    }

    @Test(arguments: ["CPU    0: hi:  186, btch:  31 usd:   0", "CPU: hi", "CPU: 0 is up", "CPU0: Intel", "Pid: x", "Process 1"])
    func otherLinesAreNone(line: String) {
        #expect(ProcessorLine(line.bytes) == nil)
    }

    @Test func readsTheCpuset() {
        let line = CpusetLine("my sql cpuset=a mems_allowed=b mems_allowed=0-1,3".bytes)
        #expect(line?.comm == "my sql")
        #expect(line?.cpuset == "a mems_allowed=b".bytes)
        #expect(line?.memsAllowed == "0-1,3")
        #expect(CpusetLine("mysqld cpuset=/ mems".bytes) == nil)
    }
}

/// Failed requests that nobody is killed for.
@Suite struct OOMReportAllocationFailureTests {
    func failure(_ line: String) -> AllocationFailureLine? { AllocationFailureLine(line.bytes) }

    @Test func readsAFailureOf2_4() {
        let line = failure("__alloc_pages: 2-order allocation failed (gfp=0x1d2/0)")
        #expect(line?.kind == .page)
        #expect(line?.order == 2)
        #expect(line?.mask == GFPMask(hexadecimal: "0x1d2", flags: nil))
        #expect(line?.era == .linux24)
        #expect(line?.comm == nil)
    }

    @Test(arguments: [".", ":"])
    func readsAFailureOfBeforeNames(mark: String) {
        let line = failure("my app: page allocation failure\(mark) order:1, mode:0x20")
        #expect(line?.comm == "my app")
        #expect(line?.order == 1)
        #expect(line?.mask == GFPMask(hexadecimal: "0x20", flags: nil))
    }

    @Test func readsAFailureOf5_0() {
        let line = failure(
            "a: page allocation failure: order:10, mode:0x40dc0(GFP_KERNEL|__GFP_ZERO|__GFP_COMP), nodemask=0-1,cpuset=b,c,mems_allowed=0-2"
        )
        #expect(line?.order == 10)
        #expect(line?.mask?.flags == ["GFP_KERNEL", "__GFP_ZERO", "__GFP_COMP"])
        #expect(line?.nodeMask == "0-1")
        #expect(line?.cpuset == "b,c".bytes)
        #expect(line?.memsAllowed == "0-2")
    }

    @Test func readsOtherAllocators() {
        #expect(failure("insmod: vmalloc: allocation failure: 8192 bytes, mode:0x14000c2(GFP_HIGHUSER)")?.kind == .vmalloc)
        let vmalloc = failure(
            "insmod: vmalloc error: size 4096, page order 0, failed to allocate pages, mode:0xcc2(GFP_HIGHUSER)")
        #expect(vmalloc?.order == 0)
        #expect(vmalloc?.mask?.hexadecimal == "0xcc2")
        let slab = failure("SLUB: Unable to allocate memory on node -1, gfp=0xa20(GFP_ATOMIC)")
        #expect(slab?.kind == .slab)
        #expect(slab?.mask?.flags == ["GFP_ATOMIC"])
    }

    @Test(arguments: [
        "page_pool: allocation failure", "warn_alloc: 3 callbacks suppressed", "__alloc_pages: x", "a: page fault",
        "a name that is long: page allocation failure: order:0", "__alloc_pages_slowpath+0x1/0x2",
    ])
    func otherLinesAreNone(line: String) {
        #expect(failure(line) == nil)
    }
}
