import Diagnosis
import Kernel
import Testing

@Suite struct ZoneExhaustedTests {
    /// The log of 2013: no header, no request, no victim; kB and pages as they stand there.
    static var article: OOMReport {
        var report = ReportScene.report()
        report.isPartial = true
        report.zones = [
            ReportScene.zone("DMA", free: 3548, min: 68, high: 100, size: 16_384, reserve: [0, 0, 880, 4080], line: 1),
            ReportScene.zone("DMA32", free: 0, min: 0, high: 0, size: 0, reserve: [0, 0, 880, 4080], line: 3),
            ReportScene.zone("Normal", free: 1340, min: 3756, high: 5632, size: 901_120, reserve: [0, 0, 0, 25_600], line: 5),
            ReportScene.zone("HighMem", free: 1_615_600, min: 512, high: 7344, size: 3_276_800, reserve: [0, 0, 0, 0], line: 7),
        ]
        for index in report.zones.indices {
            let zone = report.zones[index]
            let reclaim = index == 0 || index == 2 ? "yes" : "no"
            report.zones[index].isAllUnreclaimable = index == 0 || index == 2
            report.zones[index].amounts = [
                Amount(name: "active", bytes: index == 3 ? Bytes(kibibytes: 274_112) : .zero),
                Amount(name: "inactive", bytes: Bytes(kibibytes: index == 2 ? 28 : index == 3 ? 24_928 : 0)),
            ]
            report.zones[index].zoneLine = ReportScene.line(
                index * 2 + 1,
                "\(zone.name) free:\(zone.free?.kibibytes ?? 0)kB min:\(zone.min?.kibibytes ?? 0)kB low:1kB all_unreclaimable? \(reclaim)"
            )
        }
        return report
    }

    @Test func theArticlesLogIsAnExhaustedLowZone() {
        let diagnosis = OOMDiagnosis(of: Self.article)
        #expect(diagnosis.cause == .zoneExhausted)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.deniedBy?.zone == "Normal")
        #expect(diagnosis.deniedBy?.watermark == "min")
        #expect(diagnosis.deniedBy?.free == Bytes(kibibytes: 1340))
        #expect(diagnosis.deniedBy?.needed == Bytes(kibibytes: 3756))
    }

    @Test func evidenceQuotesTheLogsOwnNumbersAndLines() {
        let evidence = OOMDiagnosis(of: Self.article).evidence
        #expect(evidence.contains { $0.line == 5 && $0.quote == "Normal free:1340kB min:3756kB … all_unreclaimable? yes" })
        #expect(evidence.contains { $0.line == 7 && $0.quote == "HighMem free:1615600kB min:512kB" })
        // 3548 kB are 887 pages; min 17 and the reserve 880 for requests up to Normal are 897.
        #expect(
            evidence.contains { $0.line == 2 && $0.claim.contains("887 usable pages") && $0.claim.contains("17 + 880 = 897") })
        #expect(evidence.contains { $0.line == 2 && $0.quote == "lowmem_reserve[]: 0 0 880 4080" })
    }

    @Test func zonesTellWhichMayServeTheRequest() throws {
        let zones = OOMDiagnosis(of: Self.article).zones
        #expect(zones.map(\.isAllowed) == [true, true, true, false])
        #expect(zones.map(\.canServe) == [false, false, false, false])
        #expect(zones[0].protection == Bytes(Pages(880), of: .fourKiB))
    }

    /// 819,200 pages of HighMem / 25,600 kept of Normal = 32, the ratio then; 51,200 pages, twice as many, are a ratio of 16.
    @Test func theRatioIsWorkedOutFromTheZones() throws {
        let remedies = OOMDiagnosis(of: Self.article).remedies
        let ratio = try #require(remedies.first { $0.command?.contains("lowmem_reserve_ratio") == true })
        #expect(ratio.command == "sysctl -w vm.lowmem_reserve_ratio=\"256 256 16\"")
        #expect(ratio.why.contains("200 MiB are kept, 100 MiB now"))
        #expect(ratio.why.contains("28 KiB of the zone were pages of processes"))
        #expect(remedies[0].title.contains("64-bit"))
        #expect(remedies[1].title.contains("hugemem"))
        #expect(remedies.contains { $0.command?.contains("drop_caches") == true && $0.why.contains("all_unreclaimable") })
    }

    /// 901,120 − 1,340 − 28 kB of Normal: 21.4 % of 4,194,304 kB.
    @Test func whatNoCounterOfTheZoneShowsIsTold() {
        let diagnosis = OOMDiagnosis(of: Self.article)
        let unaccounted = diagnosis.filledBy.first { $0.what == "unaccounted" }
        #expect(unaccounted?.bytes == Bytes(kibibytes: 899_752))
        #expect(unaccounted?.thousandths == 214)
        #expect(diagnosis.evidence.contains { $0.line == 5 && $0.claim.contains("the other 899752 KiB") })
        #expect(diagnosis.summary.contains("879 MiB, 99 % of the zone, are in no counter"))
    }

    @Test func olderKernelsNameOfTheReserveIsTold() {
        #expect(
            OOMDiagnosis(of: Self.article).remedies.contains { $0.why.contains("before 2.6.11: lower_zone_protection = 250") })
    }

    @Test func before2611TheRemedyIsLowerZoneProtection() {
        var report = Self.article
        for index in report.zones.indices {
            report.zones[index].protectionLine = ReportScene.line(index, "protections[]: 0 0 880 4080")
        }
        #expect(OOMDiagnosis(of: report).remedies.contains { $0.command == "sysctl -w vm.lower_zone_protection=250" })
    }

    /// lowmem-sockets on 6.1-686: 463,774 pages free in all, 11,252 in the two zones that are printed.
    @Test func aHiddenHighMemIsDerivedFromTheTotals() throws {
        var report = ReportScene.report(release: "6.1.0-50-686")
        report.request = ReportScene.request(.kernel, mask: "0x400cc0", flags: ["GFP_KERNEL_ACCOUNT"])
        report.zones = [
            ReportScene.zone("DMA", free: 4008, min: 760, high: 1136, size: 15_360, reserve: [0, 814, 3010, 3010]),
            ReportScene.zone("Normal", free: 41_000, min: 41_192, high: 61_784, size: 834_212, reserve: [0, 0, 17_566, 17_566]),
        ]
        report.counters = ReportScene.counters(["free": 463_774])
        report.quotes.counters = [ReportScene.line(4, " free:463774 free_pcp:905 free_cma:0")]
        report.totals.ram = Pages(786_299)
        report.totals.reserved = Pages(11_763)
        report.totals.highMemory = Pages(562_143)
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .zoneExhausted)
        #expect(diagnosis.confidence == .certain)
        let hidden = try #require(diagnosis.zones.last)
        #expect(hidden.isDerived)
        #expect(hidden.name == "HighMem")
        #expect(hidden.free == Bytes(Pages(452_522), of: .fourKiB))
        #expect(diagnosis.evidence.contains { $0.line == 4 && $0.quote == "free:463774" && $0.claim.contains("452522") })
    }

    /// A page of a process may use HighMem, and there is none: not the low zone's fault.
    @Test func aDryHighMemIsNoExhaustedLowZone() {
        var report = Self.article
        report.zones[3].free = Bytes(kibibytes: 400)
        report.zones[3].amounts = []
        report.zones[2].free = Bytes(kibibytes: 80_000)
        report.request = ReportScene.request(.user, mask: "0x201da")
        #expect(OOMDiagnosis(of: report).cause != .zoneExhausted)
    }

    /// HighMem nearly full as well, but all of it can go to swap, which is free: the low zone alone is at its end.
    @Test func aZoneThatReclaimCanEmptyIsNotDry() {
        var report = Self.article
        report.zones[3].free = Bytes(kibibytes: 896)
        report.zones[3].amounts = [Amount(name: "active", bytes: Bytes(kibibytes: 2_000_000))]
        report.request = ReportScene.request(.kernel, mask: "0xd0")
        report.swap = OOMReport.Swap(total: Bytes(kibibytes: 3_615_236), free: Bytes(kibibytes: 3_610_572))
        #expect(OOMDiagnosis(of: report).cause == .zoneExhausted)
    }
}
