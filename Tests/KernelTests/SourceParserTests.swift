import Kernel
import Support
import Testing

@Suite struct SourceParserTests {
    @Test func readsTheBlocksOfAZone() throws {
        let areas = try #require(try Fixture("6.1-686pae-lowmem-sockets").buddyInfo()[ZoneID(node: 0, name: "Normal")])
        #expect(areas.blocks == [2, 3, 7, 7, 4, 5, 5, 4, 5, 0, 11])
        #expect(areas.largestFreeOrder == Order(10))
        // 2 + 6 + 28 + 56 + 64 + 160 + 320 + 512 + 1280 + 0 + 11264
        #expect(areas.free == Pages(13692))
    }

    @Test func anyNumberOfOrdersIsRead() throws {
        let row = "Node 0, zone   Normal " + (0..<14).map { String(format(width: 6, $0)) }.joined(separator: " ") + " \n"
        #expect(try BuddyInfo(parsing: Array(row.utf8)).zones[0].blocks == Array(0..<14))
    }

    @Test func rowsOfUnequalLengthAreAnError() {
        let text = "Node 0, zone DMA 1 2 3\nNode 0, zone Normal 1 2\n"
        #expect(throws: ParseError(source: "buddyinfo", line: 2, expected: "3 orders as in the first row", found: "2")) {
            try BuddyInfo(parsing: Array(text.utf8))
        }
    }

    @Test func readsLowAndHighMemoryWhereTheKernelHasThem() throws {
        let memInfo = try Fixture("6.1-686pae-lowmem-sockets").memInfo()
        #expect(memInfo.low == MemInfo.Amount(total: Bytes(kibibytes: 853_908), free: Bytes(kibibytes: 58988)))
        #expect(memInfo.high == MemInfo.Amount(total: Bytes(kibibytes: 2_244_476), free: Bytes(kibibytes: 1_805_236)))
    }

    @Test func aSixtyFourBitKernelHasNoHighMemory() throws {
        let memInfo = try Fixture("6.1-amd64-movable-dry").memInfo()
        #expect(memInfo.low == nil)
        #expect(memInfo.high == nil)
        #expect(memInfo.available == Bytes(kibibytes: 387_400))
    }

    @Test func aMissingLineOfMeminfoIsNamed() {
        let text = "MemTotal: 100 kB\nMemFree: 1 kB\nSwapFree: 0 kB\n"
        #expect(throws: ParseError(source: "meminfo", line: 3, expected: "a line 'SwapTotal:'", found: nil)) {
            try MemInfo(parsing: Array(text.utf8))
        }
    }

    @Test func stallsOfAllZonesAreSummed() throws {
        let text =
            "pgalloc_dma 1\npgalloc_normal 2\npgalloc_high 0\npgalloc_movable 0\nallocstall_dma 1\nallocstall_normal 20\noom_kill 3\n"
        let vmStat = try VMStat(parsing: Array(text.utf8))
        #expect(vmStat.allocationStalls == 21)
        #expect(vmStat.oomKills == 3)
        #expect(vmStat.zoneTypes == [.dma, .normal, .highMem, .movable])
        #expect(vmStat.compaction.stalls == nil)
    }

    @Test func readsTheSingleStallCounterOfOldKernels() throws {
        #expect(try VMStat(parsing: Array("pgfault 5\nallocstall 7\n".utf8)).allocationStalls == 7)
    }

    @Test func protectionColumnsAreNamedByTheFile() throws {
        let fixture = Fixture("6.1-686pae-lowmem-sockets")
        let types = ZoneTypes(of: try fixture.zoneInfo(), vmStat: nil)
        #expect(types.names == ["DMA", "Normal", "HighMem", "Movable"])
    }

    /// Kernels up to 4.11 print populated zones only.
    @Test func protectionColumnsAreNamedByVmstatWhereTheFileLeavesZonesOut() throws {
        let block = """
              pages free     335
                    min      9
                    low      11
                    high     13
                    spanned  500
                    present  500
                    protection: (0, 1, 2, 3)
            """
        let zoneInfo = try ZoneInfo(parsing: Array("Node 0, zone DMA\n\(block)\nNode 0, zone DMA32\n\(block)\n".utf8))
        let vmStat = try VMStat(parsing: Array("pgalloc_dma 1\npgalloc_dma32 1\npgalloc_normal 0\npgalloc_movable 0\n".utf8))
        #expect(ZoneTypes(of: zoneInfo, vmStat: vmStat).names == ["DMA", "DMA32", "Normal", "Movable"])
        #expect(ZoneTypes(of: zoneInfo, vmStat: nil).names == ["0", "1", "2", "3"])
    }

    @Test func readsPressure() throws {
        let text = "some avg10=1.53 avg60=0.02 avg300=0.00 total=1234567\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=89\n"
        let pressure = try Pressure(parsing: Array(text.utf8))
        #expect(pressure.some.averages.map(\.count) == [153, 2, 0])
        #expect(pressure.some.totalMicroseconds == 1_234_567)
        #expect(pressure.full.totalMicroseconds == 89)
    }

    /// Sequence numbers of a file may go down and up again by nearly 2^64.
    @Test func lossesSaturate() {
        var losses = KernelLogLosses()
        losses.lose(UInt64.max - 1)
        losses.lose(5)
        #expect(losses.records == .max)
        #expect((losses + losses).records == .max)
    }

    @Test func aMissingLineOfPressureIsNamed() {
        #expect(throws: ParseError(source: "pressure/memory", line: 1, expected: "a line 'full'", found: nil)) {
            try Pressure(parsing: Array("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n".utf8))
        }
    }

    @Test func readsFreeBlocksByMigrateType() throws {
        let info = try Fixture("5.10-amd64-global-order0").pageTypeInfo()
        #expect(info.pageBlockOrder == Order(9))
        let dma = try #require(info[ZoneID(node: 0, name: "DMA")])
        #expect(dma.types.map(\.name) == ["Unmovable", "Movable", "Reclaimable", "HighAtomic", "Isolate"])
        #expect(dma.types[0].blocks.map(\.count) == [1, 0, 1, 0, 2, 0, 1, 0, 1, 0, 0])
        #expect(dma.types[1].pageBlocks != nil)
    }

    @Test func aCountThatTheKernelGaveUpOnIsALowerBound() throws {
        let text =
            "Page block order: 9\nPages per block:  512\n\nFree pages count per migrate type at order 0 1\n"
            + "Node    0, zone   Normal, type    Unmovable >100000      7 \n"
        let blocks = try PageTypeInfo(parsing: Array(text.utf8)).zones[0].types[0].blocks
        #expect(blocks == [BlockCount(count: 100_000, isLowerBound: true), BlockCount(count: 7, isLowerBound: false)])
    }

    /// 64 KiB pages, as on arm64 and ppc64: 9,000 mapped pages are 576,000 kB.
    @Test func thePageSizeOfACaptureIsInferred() throws {
        let text = "MemTotal: 1984000 kB\nMemFree: 1 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\nMapped: 576000 kB\n"
        let vmStat = try VMStat(parsing: Array("nr_mapped 9000\npgfault 1\n".utf8))
        #expect(PageSize(of: vmStat, try MemInfo(parsing: Array(text.utf8))) == .sixtyFourKiB)
    }

    @Test(arguments: Fixture.all.filter { $0.has("proc/vmstat") && $0.has("proc/meminfo") })
    func thePageSizeOfEveryFixtureIsFourKiB(fixture: Fixture) throws {
        #expect(PageSize(of: try fixture.vmStat(), try fixture.memInfo()) == .fourKiB)
    }
}

private func format(width: Int, _ value: Int) -> String {
    let digits = String(value)
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
}
