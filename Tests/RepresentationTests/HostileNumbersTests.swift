import Diagnosis
import Kernel
import Representation
import Support
import Testing

/// Numbers that no machine has go the whole way, from the text to the page: the assertion is that the process is still there.
@Suite struct HostileNumbersTests {
    /// Divided by -1 this sum of pages trapped.
    @Test func aSumOfBlocksThatWrapsIsNoTrap() throws {
        let text = "Node 0, zone   Normal 5764607523034234879 4611686018427387904 8070450532247928832\n"
        let areas = try BuddyInfo(parsing: Array(text.utf8)).zones[0]
        #expect(FragmentationIndex.all(of: areas).count == 3)
    }

    @Test(arguments: ["7.2-amd64-numa-mempolicy", "6.1-686pae-lowmem-sockets", "7.2-amd64-cma"], [UInt64(11), 12])
    func everyPageIsRendered(fixture: String, seed: UInt64) throws {
        let fixture = Fixture(fixture)
        let zones = Hostile.numbers(in: try fixture.bytes("proc/zoneinfo"), count: 60, seed: seed)
        let buddies = Hostile.numbers(in: try fixture.bytes("proc/buddyinfo"), count: 60, seed: seed)
        let memories = Hostile.numbers(in: try fixture.bytes("proc/meminfo"), count: 60, seed: seed)
        for (zone, (buddy, memory)) in zip(zones, zip(buddies, memories)) {
            try render(
                try ZoneInfo(parsing: zone), try BuddyInfo(parsing: buddy), try MemInfo(parsing: memory), fixture: fixture)
        }
    }

    private func render(_ zoneInfo: ZoneInfo, _ buddyInfo: BuddyInfo, _ memInfo: MemInfo, fixture: Fixture) throws {
        let snapshot = Snapshot(
            takenAt: Timestamp(unixNanoseconds: Int.min), pageSize: .sixtyFourKiB,
            sources: Snapshot.Sources(
                zoneInfo: .success(zoneInfo), buddyInfo: .success(buddyInfo), memInfo: .success(memInfo),
                vmStat: .success(try fixture.vmStat()), pressure: .failure(.absent(path: "pressure"))))
        let assessment = Assessment(of: snapshot, zoneInfo: zoneInfo)
        let document = ZonesDocument(
            snapshot: snapshot, assessment: assessment, zones: assessment.zones, findings: assessment.findings, detail: .full)
        let fragmentation = FragmentationDocument(
            takenAt: snapshot.takenAt, pageSize: snapshot.pageSize, zones: buddyInfo.zones, compaction: nil)
        let log = KernelLogCounts(kills: [], events: [], recordsLost: Int.max, isUp: false)
        let page = MetricsPage(
            snapshot: snapshot, assessment: assessment, log: log, sources: [],
            own: (nil, BuildInfo(version: "", revision: "", swift: "")))
        let rendered = [
            document.json(pretty: true).count, document.table.count, fragmentation.json(pretty: false).count,
            fragmentation.table.count, page.render(.text).count, page.render(.openMetrics).count,
        ]
        #expect(rendered.allSatisfy { $0 > 0 })
        for zone in zoneInfo.zones {
            for order in [0, 9, 31] {
                let known = WatermarkCheck.Knowledge(kernel: KernelVersion(4, order), areas: buddyInfo[zone.id])
                let question = WatermarkCheck.Question(order: Order(order), request: .user, watermark: .high)
                let check = WatermarkCheck(of: zone, types: assessment.types, known: known, asked: question)
                #expect(
                    !CanServeDocument(snapshot: snapshot, zone: zone.id, question: question, check: check).json(pretty: false)
                        .isEmpty)
            }
        }
    }
}
