import Diagnosis
import Kernel
import Testing

@Suite struct FragmentationTests {
    private static func report(
        _ kind: OOMReport.Kind = .kill, order: Int, free: Int, min: Int = 2180, high: Int = 3268, blocks: [Int],
        types: [String]? = nil,
        release: String = "6.1.0"
    ) -> OOMReport {
        var report = ReportScene.report(kind, release: release)
        report.request = ReportScene.request(.kernel, order: order, mask: "0xcc0", flags: ["GFP_KERNEL"])
        report.invoker = OOMReport.Invoker(comm: "asker", processID: ProcessID(173))
        report.zones = [
            ReportScene.zone(
                "DMA32", node: 0, free: free, min: min, high: high, size: 320_000, reserve: [0, 0, 0, 0, 0], blocks: blocks,
                types: types)
        ]
        return report
    }

    @Test func singlePagesAreNoBlock() {
        let diagnosis = OOMDiagnosis(of: Self.report(order: 3, free: 91_692, blocks: [22_923, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
        #expect(diagnosis.cause == .fragmentation)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.deniedBy?.test == .order)
        #expect(diagnosis.deniedBy?.order == 3)
        #expect(diagnosis.summary.contains("it needs 32 KiB that lie together (order 3)"))
    }

    @Test func aFailedRequestIsNobodysDeath() {
        let diagnosis = OOMDiagnosis(of: Self.report(.allocationFailure, order: 4, free: 91_692, blocks: [22_923, 0, 0, 0, 0]))
        #expect(diagnosis.cause == .fragmentation)
        #expect(diagnosis.summary.hasPrefix("a request for 64 KiB (order 4) of asker (173) failed because"))
    }

    @Test func blocksForOthersDoNotCount() {
        let blocks = [20_000, 1000, 500, 8, 5, 1, 0, 0, 0, 0, 0]
        let others = ["UME", "UME", "UME", "CH", "H", "H", "", "", "", "", ""]
        #expect(OOMDiagnosis(of: Self.report(order: 3, free: 96_000, blocks: blocks, types: others)).cause == .fragmentation)
        let own = ["UME", "UME", "UME", "UH", "H", "H", "", "", "", "", ""]
        #expect(OOMDiagnosis(of: Self.report(order: 3, free: 96_000, blocks: blocks, types: own)).confidence != .certain)
    }

    /// 2.6.32, order 2: of 47,116 kB only 9 blocks of 16 kB remain above order 1, 36 pages, and min 466 / 4 = 116.
    @Test func oldKernelsCountWhatLiesInSmallerBlocks() {
        let report = Self.report(
            order: 2, free: 47_116, min: 1864, high: 2796, blocks: [2627, 4558, 9, 0, 0, 0, 0, 0, 0, 0, 0], release: "2.6.32.9")
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .fragmentation)
        #expect(diagnosis.confidence == .certain)
    }

    @Test func withoutTheBlocksItIsByElimination() {
        let diagnosis = OOMDiagnosis(
            of: Self.report(order: 2, free: 117_664, min: 4064, high: 6096, blocks: [], release: "2.6.28"))
        #expect(diagnosis.cause == .fragmentation)
        #expect(diagnosis.confidence == .likely)
    }

    /// Below min it is a shortage, whatever the blocks.
    @Test func belowMinIsNoFragmentation() {
        #expect(OOMDiagnosis(of: Self.report(order: 1, free: 2000, blocks: [500, 0, 0])).cause != .fragmentation)
    }

    /// An atomic request may take half of min and a quarter of the rest: 466 − 233 − 58 = 175 pages.
    @Test func anAtomicRequestReachesDeeper() {
        var report = Self.report(.allocationFailure, order: 1, free: 1200, min: 1864, high: 2796, blocks: [300, 0, 0])
        report.request = ReportScene.request(.kernel, order: 1, mask: "0x820", flags: ["GFP_ATOMIC"])
        #expect(OOMDiagnosis(of: report).cause == .fragmentation)
        report.zones[0].free = Bytes(kibibytes: 600)
        #expect(OOMDiagnosis(of: report).cause == .unknown)
    }
}
