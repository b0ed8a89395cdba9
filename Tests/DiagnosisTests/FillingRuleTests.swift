import Diagnosis
import Kernel
import Testing

/// The causes that follow from what memory was full of. The machine has 102,400 pages, and all of its zones are dry.
@Suite struct FillingRuleTests {
    private static func whole(_ report: OOMReport) -> OOMReport {
        var report = report
        report.constraint = "none"
        report.hugePages = [pool(total: 0, free: 0)]
        return report
    }

    private static func pool(total: Int, free: Int) -> HugePagePool {
        HugePagePool(
            node: 0, total: total, free: free, surplus: 0, size: Bytes(kibibytes: 2048),
            line: ReportScene.line(
                19, "Node 0 hugepages_total=\(total) hugepages_free=\(free) hugepages_surp=0 hugepages_size=2048kB"))
    }

    @Test func processesWithoutSwapExhaustMemory() {
        let diagnosis = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 90_000)))
        #expect(diagnosis.cause == .memoryExhausted)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.deniedBy?.zone == "DMA32")
        #expect(diagnosis.filledBy.first?.what == "anonymous")
        #expect(diagnosis.filledBy.first?.thousandths == 878)
        #expect(diagnosis.summary.hasPrefix("big (111) was killed because processes' own memory had filled RAM"))
    }

    /// 102,400 − 90,000 − 2,000 − 500 − 100 − 882 pages are in no counter.
    @Test func whatNoCounterShowsIsTold() {
        let filled = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 90_000))).filledBy
        #expect(filled.first { $0.what == "unaccounted" }?.bytes == Bytes(Pages(8918), of: .fourKiB))
    }

    /// DMA: 340 pages are free, min 26 and 316 are kept: 342.
    @Test func aProtectedZoneIsNotFree() {
        let diagnosis = OOMDiagnosis(of: ReportScene.dryMachine(anonymous: 90_000))
        #expect(diagnosis.evidence.contains { $0.claim.contains("340 usable pages are not more than min 26 + 316 = 342") })
        #expect(diagnosis.zones.map(\.canServe) == [false, false])
    }

    @Test func aFullSwapIsExhausted() {
        let diagnosis = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 90_000, swap: (98_300, 84))))
        #expect(diagnosis.cause == .swapExhausted)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.evidence.contains { $0.quote == "Free swap  = 84kB" })
    }

    @Test func withRoomInSwapNothingIsCertain() {
        let diagnosis = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 90_000, swap: (98_300, 90_000))))
        #expect(diagnosis.cause == .memoryExhausted)
        #expect(diagnosis.confidence == .possible)
    }

    @Test func withoutTheSwapLinesSwappedPagesTellOfSwap() {
        var report = Self.whole(ReportScene.dryMachine(anonymous: 90_000, swap: nil))
        #expect(OOMDiagnosis(of: report).cause == .memoryExhausted)
        report.tasks = ReportScene.table([ReportScene.task(111, "big", resident: 80_000, swapped: 20_000)])
        #expect(OOMDiagnosis(of: report).cause == .swapExhausted)
        #expect(OOMDiagnosis(of: report).confidence == .possible)
    }

    @Test func filesOnTmpfsAreShmem() {
        let diagnosis = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 15_000, shmem: 70_000)))
        #expect(diagnosis.cause == .shmem)
        #expect(diagnosis.confidence == .certain)
    }

    @Test func slabIsTheKernelsOwn() {
        var report = Self.whole(ReportScene.dryMachine(anonymous: 5000, slab: 80_000))
        report.slabs = [
            SlabCache(name: "small", used: Bytes(1), total: Bytes(kibibytes: 10), line: ReportScene.line(40, "small 1KB 10KB")),
            SlabCache(
                name: "filp", used: Bytes(1), total: Bytes(kibibytes: 200_000),
                line: ReportScene.line(41, "filp 200000KB 200000KB")),
        ]
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .kernelUnreclaimable)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.summary.contains("the largest cache being filp"))
        #expect(diagnosis.remedies.first?.command?.contains("grep -w filp /proc/slabinfo") == true)
    }

    /// Socket buffers are in no counter: 102,400 − 15,000 − … = 83,918 pages.
    @Test func memoryThatNoCounterShowsIsTheKernelsOwn() {
        let diagnosis = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 15_000)))
        #expect(diagnosis.cause == .kernelUnreclaimable)
        #expect(diagnosis.summary.contains("that no counter accounts for"))
    }

    /// Swap in compressed RAM (zram) is in no counter either.
    @Test func fullSwapMayBeWhatNoCounterShows() {
        let diagnosis = OOMDiagnosis(of: Self.whole(ReportScene.dryMachine(anonymous: 60_000, swap: (300_000, 0))))
        #expect(diagnosis.cause == .swapExhausted)
    }

    /// 80,000 of 102,400 pages will not come back, though nobody was killed for this request.
    @Test func slabThatFillsTheMachineFailsRequests() {
        var report = ReportScene.dryMachine(anonymous: 5000, slab: 80_000)
        report.kind = .allocationFailure
        report.victims = []
        #expect(OOMDiagnosis(of: report).cause == .kernelUnreclaimable)
        #expect(OOMDiagnosis(of: report).confidence == .likely)
        report = ReportScene.dryMachine(anonymous: 50_000, slab: 40_000)
        report.kind = .allocationFailure
        report.victims = []
        #expect(OOMDiagnosis(of: report).cause == .unknown)
    }

    /// The kernel lists the caches only where they exceed all lists of pages: enough, whatever else is cut off.
    @Test func theListOfCachesAloneSaysIt() {
        var report = ReportScene.report()
        report.slabs = [SlabCache(name: "x", used: Bytes(1), total: Bytes(kibibytes: 26_093), line: ReportScene.line(5, "x"))]
        #expect(OOMDiagnosis(of: report).cause == .kernelUnreclaimable)
        #expect(OOMDiagnosis(of: report).confidence == .likely)
    }

    /// 150 of 2 MiB are three quarters of the memory.
    @Test func hugePagesAreSetAside() {
        var report = ReportScene.dryMachine(anonymous: 15_000)
        report.constraint = "none"
        report.hugePages = [Self.pool(total: 150, free: 140)]
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .hugepagesReserved)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.remedies.first?.command == "echo 10 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages")
        #expect(diagnosis.evidence.contains { $0.quote.contains("hugepages_total=150 hugepages_free=140") })
    }

    @Test func unusedHugePagesAloneSayIt() {
        var report = ReportScene.report()
        report.hugePages = [Self.pool(total: 15_999, free: 15_999)]
        #expect(OOMDiagnosis(of: report).cause == .hugepagesReserved)
        report.hugePages = [Self.pool(total: 15_999, free: 15_000)]
        #expect(OOMDiagnosis(of: report).cause == .unknown)
    }

    @Test func aMissingZoneProvesNothing() {
        var report = Self.whole(ReportScene.dryMachine(anonymous: 90_000))
        // DMA's reserve says that DMA32 is there.
        report.zones.removeLast()
        #expect(OOMDiagnosis(of: report).confidence != .certain)
        #expect(OOMDiagnosis(of: report).cause == .unknown)
    }

    @Test func aCutTailIsNotCertain() {
        let report = ReportScene.dryMachine(anonymous: 90_000)
        #expect(OOMDiagnosis(of: report).confidence == .likely)
    }
}
