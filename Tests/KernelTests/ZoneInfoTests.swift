import Foundation
import Kernel
import Support
import Testing

@Suite struct ZoneInfoTests {
    static let movableDry = Fixture("6.1-amd64-movable-dry")
    static let lowmem = Fixture("6.1-686pae-lowmem-sockets")

    @Test func readsAZoneOfAThirtyTwoBitKernel() throws {
        let zones = try Self.lowmem.zoneInfo().zones
        #expect(zones.map(\.id.name) == ["DMA", "Normal", "HighMem", "Movable"])
        let normal = zones[1]
        #expect(normal.free == Pages(13692))
        #expect(normal.watermarks.min == Pages(10352))
        #expect(normal.watermarks.low == Pages(12940))
        #expect(normal.watermarks.high == Pages(15528))
        #expect(normal.managed == Pages(209_637))
        #expect(normal.protection == [0, 0, 17534, 17534].map(Pages.init))
    }

    @Test func theHighOfAPageSetIsNoWatermark() throws {
        // Line 98 of the file: `high:  12940` of CPU 0; line 78: `high     15528` of the zone.
        let normal = try #require(try Self.lowmem.zoneInfo()[ZoneID(node: 0, name: "Normal")])
        #expect(normal.watermarks.high == Pages(15528))
        #expect(normal.pageSets.first?.values.contains(Counter(name: "high", value: 12940)) == true)
    }

    @Test func statisticsOfTheNodeAreNotThoseOfItsFirstZone() throws {
        let zoneInfo = try Self.movableDry.zoneInfo()
        let dma = try #require(zoneInfo[ZoneID(node: 0, name: "DMA")])
        #expect(dma.reclaimable == ReclaimableLists(file: .zero, anonymous: .zero))
        #expect(!dma.counters.contains { $0.name == "nr_anon_pages" })
        #expect(zoneInfo.nodes.count == 1)
        #expect(zoneInfo.nodes[0].counters.contains { $0.name == "nr_anon_pages" && $0.value > 0 })
    }

    @Test func unpopulatedZonesAreListed() throws {
        let zones = try Self.movableDry.zoneInfo().zones
        #expect(zones.map(\.id.name) == ["DMA", "DMA32", "Normal", "Movable", "Device"])
        #expect(zones.map(\.isPopulated) == [true, true, false, true, false])
        #expect(zones[2].managed == Pages(0))
    }

    @Test func readsTheLastZoneOfTheFile() throws {
        #expect(try Self.lowmem.zoneInfo().zones.last?.watermarks.high == Pages(32))
    }

    @Test func readsTwoNodes() throws {
        let zoneInfo = try Fixture("6.1-amd64-numa-mempolicy").zoneInfo()
        #expect(Set(zoneInfo.zones.map(\.id.node)) == [0, 1])
        #expect(zoneInfo.nodes.map(\.node) == [0, 1])
    }

    @Test func whatAKernelDoesNotPrintIsNil() throws {
        let old = try #require(try Fixture("5.10-amd64-global-order0").zoneInfo().zones.first)
        #expect(old.watermarks.boost == nil)
        #expect(old.watermarks.promo == nil)
        #expect(old.cma == nil)
        #expect(old.freeHighatomic == nil)
    }

    @Test func readsTheLinesThatAreNewInSeven() throws {
        let dma = try #require(try Fixture("7.2-amd64-global-order0").zoneInfo().zones.first)
        #expect(dma.watermarks.promo == Pages(44))
        #expect(dma.watermarks.boost == Pages(0))
        #expect(dma.reservedHighatomic == Pages(0))
        #expect(dma.freeHighatomic == Pages(0))
        #expect(dma.perCPU == Pages(53))
        #expect(dma.counters.contains(Counter(name: "start_pfn", value: 1)))
    }

    @Test func freePagesInTheListsOfAllCPUsAreSummed() throws {
        let text = """
            Node 0, zone    DMA32
              pages free     100
                    min      1
                    low      2
                    high     3
                    spanned  400
                    present  300
                protection: (0, 0)
              pagesets
                cpu: 0
                          count: 17
                          high:  378
                          batch: 63
              vm stats threshold: 24
                cpu: 1
                          count: 25
                          high:  378
                          batch: 63
            """
        let zone = try ZoneInfo(parsing: Array(text.utf8)).zones[0]
        #expect(zone.perCPU == Pages(42))
        #expect(zone.pageSets.map(\.cpu) == [0, 1])
    }

    /// Kernel 2.6.18: no managed, active and inactive unsplit, two lists per CPU, protection above them.
    @Test func readsAKernelOf2006() throws {
        let text = """
            Node 0, zone   Normal
              pages free     335
                    min      939
                    low      1173
                    high     1408
                    active   52
                    inactive 17
                    scanned  0 (a: 4 i: 0)
                    spanned  225280
                    present  225280
                nr_anon_pages 20
                    protection: (0, 0, 0, 25600)
              pagesets
                cpu: 0 pcp: 0
                          count: 3
                          high:  186
                          batch: 31
                cpu: 0 pcp: 1
                          count: 4
                          high:  62
                          batch: 15
              vm stats threshold: 24
              all_unreclaimable: 1
              prev_priority:     0
              start_pfn:         4096
            """
        let zone = try ZoneInfo(parsing: Array(text.utf8)).zones[0]
        #expect(zone.free == Pages(335))
        #expect(zone.managed == nil)
        #expect(zone.reclaimable == nil)
        #expect(zone.perCPU == Pages(7))
        #expect(zone.protection.last == Pages(25600))
        #expect(zone.counters.contains(Counter(name: "all_unreclaimable", value: 1)))
    }

    /// Kernel 3.10 and 4.4: the lists are the zone's own, under the names that are per node since 4.8.
    @Test func listsOfAZoneBeforeFourEightAreItsOwn() throws {
        let text = """
            Node 0, zone   Normal
              pages free     335
                    min      9
                    low      11
                    high     13
                    scanned  0
                    spanned  500
                    present  500
                    managed  480
                nr_free_pages 335
                nr_inactive_anon 10
                nr_active_anon 20
                nr_inactive_file 30
                nr_active_file 40
                nr_free_cma  0
                    protection: (0, 0, 0)
            """
        let zone = try ZoneInfo(parsing: Array(text.utf8)).zones[0]
        #expect(zone.reclaimable == ReclaimableLists(file: Pages(70), anonymous: Pages(30)))
    }

    @Test(arguments: [
        ("        min      54", "        min      x3", "zoneinfo:48: expected a page count after 'min', found \"x3\""),
        ("        low      67\n", "", "zoneinfo:80: expected a line 'low' in Node 0, zone DMA, found \"Node 0, zone    DMA32\""),
        (
            "Node 0, zone      DMA\n", "Node x, zone      DMA\n",
            "zoneinfo:1: expected a zone's head such as 'Node 0, zone Normal', found \"x,\""
        ),
    ])
    func aMalformedTextIsToldWithItsPlace(from: String, to: String, message: String) throws {
        var text = try Self.movableDry.text("proc/zoneinfo")
        let range = try #require(text.range(of: from))
        text.replaceSubrange(range, with: to)
        let error = try #require(throws: ParseError.self) { try ZoneInfo(parsing: Array(text.utf8)) }
        #expect(error.description == message)
    }

    @Test func anEmptyTextIsAnError() {
        #expect(throws: ParseError(source: "zoneinfo", line: 0, expected: "at least one zone", found: nil)) {
            try ZoneInfo(parsing: [])
        }
    }
}
