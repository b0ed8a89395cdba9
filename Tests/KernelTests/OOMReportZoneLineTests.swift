import Testing

@testable import Kernel

/// Lines of a zone and of its free blocks, as each kernel prints them.
@Suite struct OOMReportZoneLineTests {
    func zone(_ line: String) -> ReportedZone? {
        guard case .zone(let zone) = MemInfoLine(line.bytes) else { return nil }
        return zone
    }

    func blocks(_ line: String) -> ReportedBlocks? {
        guard case .blocks(let blocks) = MemInfoLine(line.bytes) else { return nil }
        return blocks
    }

    @Test func readsAZoneOf2_4() {
        let zone = zone("Zone:HighMem freepages:  1340kB min:   512kB low:   768kB high:  1024kB")
        #expect(zone?.name == "HighMem")
        #expect(zone?.node == nil)
        #expect(zone?.free == Bytes(kibibytes: 1340))
        #expect(zone?.min == Bytes(kibibytes: 512))
        #expect(zone?.high == Bytes(kibibytes: 1024))
    }

    @Test func readsAZoneOf2_6_11() {
        let zone = zone(
            "Normal free:1340kB min:3756kB low:4692kB high:5632kB active:8kB inactive:4kB present:901120kB pages_scanned:17 "
                + "all_unreclaimable? yes")
        #expect(zone?.type == .normal)
        #expect(zone?.free == Bytes(kibibytes: 1340))
        #expect(zone?.low == Bytes(kibibytes: 4692))
        #expect(zone?.present == Bytes(kibibytes: 901120))
        #expect(zone?.managed == nil)
        #expect(zone?.pagesScanned == 17)
        #expect(zone?.isAllUnreclaimable == true)
        #expect(zone?["pages_scanned"] == nil)
        #expect(zone?["active"] == Bytes(kibibytes: 8))
    }

    @Test func readsAZoneOf2_6_9WithoutWhatCameLater() {
        let zone = zone("DMA free:12kB min:16kB low:32kB high:48kB active:0kB inactive:0kB present:16384kB")
        #expect(zone?.min == Bytes(kibibytes: 16))
        #expect(zone?.isAllUnreclaimable == nil)
        #expect(zone?.pagesScanned == nil)
    }

    @Test func readsAZoneOf2_6_32() {
        let zone = zone(
            "Node 0 DMA32 free:4kB min:5kB low:6kB high:7kB active_anon:8kB isolated(anon):9kB present:10kB mlocked:11kB "
                + "slab_unreclaimable:12kB writeback_tmp:0kB pages_scanned:0 all_unreclaimable? no")
        #expect(zone?.node == 0)
        #expect(zone?["isolated(anon)"] == Bytes(kibibytes: 9))
        #expect(zone?["slab_unreclaimable"] == Bytes(kibibytes: 12))
        #expect(zone?.isAllUnreclaimable == false)
    }

    @Test func readsAZoneOf3_8() {
        let zone = zone("Node 1 Normal free:4kB min:5kB low:6kB high:7kB present:10kB managed:9kB bounce:0kB free_cma:3kB")
        #expect(zone?.node == 1)
        #expect(zone?.managed == Bytes(kibibytes: 9))
        #expect(zone?.freeCMA == Bytes(kibibytes: 3))
    }

    @Test func readsAZoneOf6_19() {
        let zone = zone(
            "Node 0 Movable free:4kB boost:1kB min:5kB low:6kB high:7kB reserved_highatomic:2048KB free_highatomic:64KB "
                + "active_anon:0kB writepending:0kB zspages:12kB present:10kB managed:9kB free_pcp:0kB local_pcp:0kB free_cma:0kB"
        )
        #expect(zone?.boost == Bytes(kibibytes: 1))
        #expect(zone?.min == Bytes(kibibytes: 5))
        #expect(zone?.reservedHighatomic == Bytes(kibibytes: 2048))
        #expect(zone?.freeHighatomic == Bytes(kibibytes: 64))
        #expect(zone?["zspages"] == Bytes(kibibytes: 12))
    }

    @Test func aZoneThatNoKernelIsKnownForIsOne() {
        #expect(zone("Node 0 Easyrclm free:4kB min:5kB low:6kB")?.name == "Easyrclm")
        #expect(zone("Storage free:4kB used:5kB") == nil)
    }

    /// `min:37` may be the beginning of `min:3756kB`.
    @Test func whatIsCutOffIsNil() {
        let zone = zone("Normal free:1340kB min:37")
        #expect(zone?.free == Bytes(kibibytes: 1340))
        #expect(zone?.min == nil)
        #expect(zone?.isAllUnreclaimable == nil)
    }

    @Test func readsTheBlocksOf2_4() {
        let list = blocks("3*4kB 1*8kB 0*16kB 2*32kB = 84kB)")
        #expect(list?.zone == nil)
        #expect(list?.blocks == [3, 1, 0, 2])
        #expect(list?.types == nil)
        #expect(list?.sum == Bytes(kibibytes: 84))
        #expect(list?.pageSize == .fourKiB)
    }

    @Test func readsBlocksWithTheirTypes() {
        let list = blocks("Node 0 Normal: 26*4kB (UME) 0*8kB 1*16kB (H) 0*32kB = 120kB")
        #expect(list?.node == 0)
        #expect(list?.zone == "Normal")
        #expect(list?.blocks == [26, 0, 1, 0])
        #expect(list?.types == ["UME", "", "H", ""])
        #expect(list?.sum == Bytes(kibibytes: 120))
    }

    @Test func thePageIsTheSmallestBlock() {
        let list = blocks("Node 0 Normal: 2*64kB (U) 0*128kB 1*256kB (M) = 384kB")
        #expect(list?.pageSize == .sixtyFourKiB)
        #expect(list?.blocks == [2, 0, 1])
    }

    @Test func thereMayBeMoreThanElevenOrders() {
        let sizes = (0..<20).map { "1*\(8 << $0)kB" }.joined(separator: " ")
        let list = blocks("Node 0 Normal: \(sizes) = 8388600kB")
        #expect(list?.blocks == Array(repeating: 1, count: 20))
        #expect(list?.pageSize == PageSize(bytes: 8192))
    }

    @Test func anEmptyZoneHasNoBlocks() {
        #expect(blocks("HighMem: empty") == ReportedBlocks(node: nil, zone: "HighMem", blocks: []))
        #expect(blocks("Node 0 DMA: ") == ReportedBlocks(node: 0, zone: "DMA", blocks: []))
        #expect(blocks("Comment: ") == nil)
    }

    @Test func aTornListHasWhatIsThere() {
        let list = blocks("DMA: 1*4kB 2*8kB 3*1")
        #expect(list?.blocks == [1, 2])
        #expect(list?.sum == nil)
    }

    /// 4294967295 is -1 in 32 bits; the other is more than `Int` holds.
    @Test func aCountBelowZeroDoesNotTrap() {
        #expect(blocks("DMA: 4294967295*4kB 18446744073709551615*8kB = 4kB")?.blocks == [4_294_967_295, .max])
    }

    @Test func anImpossibleSizeEndsTheList() {
        #expect(blocks("DMA: 1*4kB 1*12kB 1*16kB")?.blocks == [1])
        #expect(blocks("DMA: 1*4kB 1*99999999999999999999kB")?.blocks == [1])
        #expect(blocks("DMA: 1*0kB") == nil || blocks("DMA: 1*0kB")?.blocks == [])
    }
}
