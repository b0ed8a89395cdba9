import Diagnosis
import Kernel
import Support
import Testing

/// Logs of real kernels, from bytes to cause.
@Suite struct CaptureDiagnosisTests {
    private static func reports(_ bytes: [UInt8]) -> [OOMReport] {
        var parser = OOMLogParser()
        let reports = parser.add(bytes[...])
        return reports + parser.finish()
    }

    private static func reports(of fixture: Fixture) throws -> [OOMReport] { reports(try fixture.bytes("dev/kmsg")) }

    /// The causes are what the scenarios of the lab set out to do.
    @Test(arguments: [
        ("5.10-686pae-lowmem-sockets", Cause.zoneExhausted), ("5.10-amd64-global-order0", .memoryExhausted),
        ("5.10-amd64-memcg-v1", .memcgLimit), ("6.1-686pae-lowmem-sockets", .zoneExhausted), ("6.1-amd64-comms", .memcgLimit),
        ("6.1-amd64-frag-order3", .fragmentation), ("6.1-amd64-global-order0", .memoryExhausted),
        ("6.1-amd64-kubepods", .memcgLimit),
        ("6.1-amd64-memcg-v2", .memcgLimit), ("6.1-amd64-memcg-v2-group", .memcgLimit), ("6.1-amd64-movable-dry", .zoneExhausted),
        ("6.1-amd64-noise", .memoryExhausted), ("6.1-amd64-numa-mempolicy", .cpusetOrMempolicy),
        ("6.1-amd64-protected-biggest", .memoryExhausted), ("6.1-amd64-shared-mm", .memoryExhausted),
        ("6.1-amd64-storm", .memcgLimit), ("6.1-amd64-sysrq-f", .manual),
        ("7.2-amd64-global-order0", .memoryExhausted), ("7.2-amd64-numa-mempolicy", .cpusetOrMempolicy),
    ])
    func namesTheScenariosCause(name: String, cause: Cause) throws {
        let fixture = Fixture(name)
        let diagnoses = try Self.reports(of: fixture).map(OOMDiagnosis.init)
        #expect(!diagnoses.isEmpty)
        #expect(Set(diagnoses.map(\.cause)) == [cause])
    }

    /// Wherever the table decides, the kernel's choice is the first of our order.
    @Test(arguments: Fixture.all.filter { $0.has("dev/kmsg") })
    func theRankingNamesTheKernelsVictim(fixture: Fixture) throws {
        for report in try Self.reports(of: fixture) {
            let badness = ReportedBadness(of: report)
            guard badness.limitation == nil, let chosen = report.chosen?.processID ?? report.victims.first?.processID else {
                continue
            }
            #expect(badness.rank(of: chosen) == 1)
        }
    }

    /// movable-dry: 101,346 pages free in all, 316 in DMA and 986 in DMA32.
    @Test func movableIsDerivedWhereItIsNotPrinted() throws {
        let fixture = Fixture("6.1-amd64-movable-dry")
        let report = try #require(try Self.reports(of: fixture).first)
        let hidden = try #require(OOMDiagnosis(of: report).zones.last)
        #expect(hidden.isDerived)
        #expect(hidden.name == "Movable")
        #expect(hidden.free == Bytes(Pages(100_044), of: .fourKiB))
    }

    @Test func theArticlesLogIsReadAndExplained() throws {
        let reports = Self.reports(Array(ArticleLog.text.utf8))
        #expect(reports.count == 1)
        let diagnosis = OOMDiagnosis(of: try #require(reports.first))
        #expect(diagnosis.cause == .zoneExhausted)
        #expect(diagnosis.confidence == .certain)
        #expect(
            diagnosis.evidence.contains { $0.line == 5 && $0.quote == "Normal free:1340kB min:3756kB … all_unreclaimable? yes" })
        #expect(diagnosis.evidence.contains { $0.line == 7 && $0.quote.hasPrefix("HighMem free:1615600kB") })
        #expect(diagnosis.evidence.contains { $0.line == 2 && $0.claim.contains("17 + 880 = 897") })
    }
}
