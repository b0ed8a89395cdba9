import Diagnosis
import Kernel
import Support
import Testing

@Suite struct WatermarkCheckTests {
    static let normal = ZoneID(node: 0, name: "Normal")
    static let lowmem = Fixture("6.1-686pae-lowmem-sockets")

    /// Normal: 13692 - 10352 - 0 = 3340 > 0; pagetypeinfo has no page block of type HighAtomic.
    @Test func aSinglePageIsServedAboveMinAndProtection() throws {
        let check = try check(Self.lowmem, Self.normal, order: 0, .kernel)
        #expect(check.canServe == true)
        #expect(check.terms.map { $0.pages.count }.reduce(0, +) == 3340)
        #expect(check.terms.map(\.name) == ["free", "reserved_highatomic", "free_cma", "min", "protection"])
    }

    /// 209637 managed pages / 100 + two blocks of order 10 = 4144 pages may be reserved, and only 3340 are left.
    @Test func anUnknownReserveMakesTheAnswerUnknown() throws {
        let check = try check(Self.lowmem, Self.normal, order: 0, .kernel, readsPageTypes: false)
        #expect(check.canServe == nil)
        #expect(check.verdict == .reserveUnknown(atMost: Pages(4144)))
    }

    /// For a request that may use HighMem, 17534 pages of Normal are protected: 13692 - 10352 - 17534 < 0.
    @Test func protectionKeepsUserRequestsOutOfALowZone() throws {
        let check = try check(Self.lowmem, Self.normal, order: 0, .user)
        #expect(check.canServe == false)
        #expect(check.verdict == .belowWatermark(missing: Pages(14195)))
    }

    /// 13692 free against high 15528: the last try before a kill fails, the ordinary one does not.
    @Test func theWatermarkDecides() throws {
        #expect(try check(Self.lowmem, Self.normal, order: 0, .kernel, .high).canServe == false)
        #expect(try check(Self.lowmem, Self.normal, order: 0, .kernel, .low).canServe == true)
    }

    /// Over 100 MiB free, but only in single pages: order 3 is what the kernel then killed for.
    @Test func noBlockOfTheOrderIsNoService() throws {
        let fixture = Fixture("6.1-amd64-frag-order3")
        let zones = try fixture.buddyInfo().zones.filter { ($0.largestFreeOrder ?? Order(0)) < Order(3) && $0.free > Pages(1000) }
        let zone = try #require(zones.first).id
        #expect(try check(fixture, zone, order: 3, .kernel).verdict == .noBlock)
    }

    @Test func aRequestCannotUseAHigherZone() throws {
        let check = try check(Self.lowmem, ZoneID(node: 0, name: "HighMem"), order: 0, .kernel)
        #expect(check.verdict == .zoneNotAllowed)
        #expect(check.canServe == false)
    }

    /// Enough is left whatever the reserve, but the only two large blocks may be its own.
    @Test func withoutPagetypeinfoAFewBlocksAreUnknown() throws {
        let zone = try zone(free: 20000, min: 100)
        let areas = FreeAreas(id: Self.normal, blocks: [17952, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2])
        let known = WatermarkCheck.Knowledge(kernel: KernelVersion(6, 1), areas: areas)
        #expect(ask(zone, order: 9, known).verdict == .listsUnknown)
        #expect(ask(zone, order: 9, known).canServe == nil)
    }

    @Test func blocksOnHighatomicListsDoNotCount() throws {
        let text = """
            Page block order: 2
            Pages per block: 4

            Free pages count per migrate type at order 0 1 2
            Node    0, zone   Normal, type    Unmovable  19000      0      0
            Node    0, zone   Normal, type   HighAtomic      0      0      4

            Number of blocks type    Unmovable   HighAtomic
            Node 0, zone   Normal          100            5
            """
        let info = try PageTypeInfo(parsing: Array(text.utf8))
        let zone = try zone(free: 19016, min: 100)
        let old = ask(zone, order: 2, WatermarkCheck.Knowledge(kernel: KernelVersion(6, 1), areas: nil, pageTypes: info))
        #expect(old.verdict == .onlyOnOtherLists)
        // Up to 6.11 the five page blocks are taken off, from 6.12 the four that are free.
        #expect(old.terms.contains { $0.name == "reserved_highatomic" && $0.pages == Pages(-20) })
        let new = ask(zone, order: 2, WatermarkCheck.Knowledge(kernel: KernelVersion(6, 12), areas: nil, pageTypes: info))
        #expect(new.terms.contains { $0.name == "free_highatomic" && $0.pages == Pages(-16) })
    }

    /// 100 free, all in single pages: 99 - 100 is not above 40 / 2. From 4.4 on the question is for a block, and there is none.
    @Test func upToFourThreeSmallBlocksAreTakenOff() throws {
        let zone = try zone(free: 100, min: 40)
        let areas = FreeAreas(id: Self.normal, blocks: [100, 0, 0])
        let known = WatermarkCheck.Knowledge(kernel: KernelVersion(4, 3), areas: areas)
        #expect(ask(zone, order: 1, known).verdict == .tooMuchInSmallBlocks)
        // 100 free, ten of them in single pages: 99 - 10 = 89 > 20.
        let mixed = FreeAreas(id: Self.normal, blocks: [10, 45, 0])
        #expect(ask(zone, order: 1, WatermarkCheck.Knowledge(kernel: KernelVersion(4, 3), areas: mixed)).canServe == true)
    }

    private func zone(free: Int, min: Int) throws -> ZoneInfo {
        let text = """
            Node 0, zone   Normal
              pages free     \(free)
                    min      \(min)
                    low      \(min)
                    high     \(min)
                    spanned  50000
                    present  50000
                    managed  50000
                    protection: (0, 0)
            Node 0, zone  Movable
              pages free     0
                    min      0
                    low      0
                    high     0
                    spanned  0
                    present  0
                    managed  0
                    protection: (0, 0)
            """
        return try ZoneInfo(parsing: Array(text.utf8))
    }

    private func ask(_ zoneInfo: ZoneInfo, order: Int, _ known: WatermarkCheck.Knowledge) -> WatermarkCheck {
        WatermarkCheck(
            of: zoneInfo.zones[0], types: ZoneTypes(of: zoneInfo, vmStat: nil), known: known,
            asked: WatermarkCheck.Question(order: Order(order), request: .kernel, watermark: .min))
    }

    private func check(
        _ fixture: Fixture, _ id: ZoneID, order: Int, _ request: AllocationRequest, _ watermark: WatermarkCheck.Watermark = .min,
        readsPageTypes: Bool = true
    ) throws -> WatermarkCheck {
        let zoneInfo = try fixture.zoneInfo()
        let known = WatermarkCheck.Knowledge(
            kernel: KernelVersion(6, 1), areas: try fixture.buddyInfo()[id],
            pageTypes: readsPageTypes ? try fixture.pageTypeInfo() : nil)
        return WatermarkCheck(
            of: try #require(zoneInfo[id]), types: ZoneTypes(of: zoneInfo, vmStat: try fixture.vmStat()), known: known,
            asked: WatermarkCheck.Question(order: Order(order), request: request, watermark: watermark))
    }
}
