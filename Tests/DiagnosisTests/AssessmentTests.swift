import Diagnosis
import Kernel
import Support
import Testing

@Suite struct AssessmentTests {
    /// DMA: 1270 free - min 54 - protection 263 = 953 pages; DMA32: 1162 - 931 = 231. Nothing is on the lists of either.
    @Test func movableDryHasADryLowZoneOnSixtyFourBit() throws {
        let assessment = try assess(Fixture("6.1-amd64-movable-dry"))
        #expect(assessment.lowZoneIsDry)
        let kernel = try #require(assessment.requests.first { $0.request == .kernel })
        #expect(kernel.margin == Pages(953))
        #expect(kernel.consequence == .oomKill)
        // Movable: 100044 free - min 2467, no file pages, no swap.
        #expect(assessment.requests.first { $0.request == .user }?.margin == Pages(97577))
        #expect(assessment.findings.map(\.severity) == [.critical])
    }

    /// Normal: 13692 free - min 10352 = 3340 pages, and 451309 pages free in HighMem.
    @Test func lowmemSocketsHasADryLowZoneOnThirtyTwoBit() throws {
        let assessment = try assess(Fixture("6.1-686pae-lowmem-sockets"))
        #expect(assessment.lowZoneIsDry)
        #expect(assessment.requests.first { $0.request == .kernel }?.margin == Pages(3340))
        let quotes = assessment.findings[0].evidence.map(\.quote)
        #expect(quotes.contains("Node 0, zone Normal: min 10352"))
        #expect(quotes.contains("Node 0, zone HighMem: pages free 451309"))
    }

    /// RAM is full of page cache and the zones stand near low: DMA32 777 free - 542 min + 44718 + 8610 file pages.
    @Test func aMachineFullOfPageCacheIsWell() throws {
        let assessment = try assess(Fixture("6.1-amd64-cache-healthy"))
        #expect(assessment.findings.isEmpty)
        #expect(!assessment.lowZoneIsDry)
        #expect(assessment.requests.first { $0.request == .user }?.margin == Pages(53563))
        #expect(assessment.zones[1].state == .belowHigh)
    }

    @Test func theMarginOfALeakFallsTowardsNothing() throws {
        let margins = try (1...12).map { step -> Int in
            let fixture = Fixture("6.1-amd64-slow-leak/t-\(step < 10 ? "0" : "")\(step)")
            return try #require(try assess(fixture).requests.first { $0.request == .user }?.margin).count
        }
        // t-01: 72734 - 545 and no page to reclaim; t-12: 979 - 545 + 1 + the 135 pages (540 kB) that swap still takes.
        #expect(margins.first == 72189)
        #expect(margins.last == 570)
        #expect(zip(margins[5...], margins[6...]).allSatisfy { $0 > $1 })
        #expect(try assess(Fixture("6.1-amd64-slow-leak/t-12")).findings.map(\.id) == ["margin_nearly_gone"])
    }

    @Test func aZoneMayBeClosedToARequestOnAHealthyMachine() throws {
        // DMA: 425 free - 26 min - 316 protection against DMA32 and above, and the file pages on its lists.
        let zones = try assess(Fixture("6.1-amd64-cache-healthy")).zones
        let headroom = zones[0].headroom.map { ($0.request, $0.now.count) }
        #expect(headroom.map(\.0) == [.user, .kernel, .dma32, .dma])
        #expect(headroom.map(\.1) == [83, 83, 83, 399])
    }

    /// The evidence of a finding is the sum that it stands on: free - min - protection of Normal, the best zone.
    @Test func theEvidenceAddsUpToTheMargin() throws {
        let assessment = try assess(Fixture("6.1-686pae-lowmem-sockets"))
        let normal = assessment.findings[0].evidence.filter { $0.quote.hasPrefix("Node 0, zone Normal: ") }
        func value(_ name: String) -> Int { normal.first { $0.quote.contains(name) }?.value ?? 0 }
        let free = value("pages free") - value("min") - value("protection")
        #expect(free + value("_file") == 3340 * 4096)
        #expect(assessment.findings[0].evidence.contains { $0.quote == "SwapFree: 0 kB" })
    }

    @Test func freeCMAIsOnlyForProcessesPages() throws {
        let zones = try assess(Fixture("7.2-amd64-cma")).zones
        let zone = try #require(zones.first { ($0.zone.freeCMA ?? .zero) > .zero })
        let user = try #require(zone.headroom.first { $0.request == .user })
        let kernel = try #require(zone.headroom.first { $0.request == .kernel })
        let cma = try #require(zone.zone.freeCMA)
        #expect(user.now - kernel.now == cma)
    }

    @Test func aRequestOfOneNodeIsJudgedByItsZones() throws {
        let snapshot = try Fixture("6.1-amd64-numa-mempolicy").snapshot()
        let zoneInfo = try snapshot.zoneInfo.get()
        let second = Assessment(of: snapshot, zoneInfo: zoneInfo, node: 1)
        #expect(second.zones.allSatisfy { $0.zone.id.node == 1 })
        #expect(second.requests.allSatisfy { $0.node == 1 })
    }

    @Test func unknownSwapMakesTheMarginUnknown() throws {
        let whole = try Fixture("6.1-amd64-cache-healthy").snapshot()
        let blind = Snapshot(
            takenAt: whole.takenAt, pageSize: whole.pageSize,
            sources: Snapshot.Sources(
                zoneInfo: whole.zoneInfo, buddyInfo: whole.buddyInfo,
                memInfo: .failure(.unreadable(path: "/proc/meminfo", errno: 5)), vmStat: whole.vmStat, pressure: whole.pressure))
        let assessment = Assessment(of: blind, zoneInfo: try blind.zoneInfo.get())
        #expect(assessment.requests.allSatisfy { $0.margin == nil })
        #expect(assessment.findings.isEmpty)
    }

    /// mm/page_alloc.c, `__alloc_pages_may_oom()`.
    @Test func onlyCheapRequestsForOrdinaryZonesKill() {
        #expect(FailureConsequence(of: .kernel, order: Order(3)) == .oomKill)
        #expect(FailureConsequence(of: .kernel, order: Order(4)) == .allocationFailure)
        #expect(FailureConsequence(of: .dma32, order: Order(0)) == .allocationFailure)
        #expect(FailureConsequence(of: .kernel, order: Order(0), mayEnterFileSystem: false) == .stall)
    }

    private func assess(_ fixture: Fixture) throws -> Assessment {
        let snapshot = try fixture.snapshot()
        return Assessment(of: snapshot, zoneInfo: try snapshot.zoneInfo.get())
    }
}
