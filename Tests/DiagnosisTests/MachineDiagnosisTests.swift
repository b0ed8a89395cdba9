import Diagnosis
import Kernel
import Support
import Testing

@Suite struct MachineDiagnosisTests {
    private static func diagnosis(_ name: String) throws -> MachineDiagnosis {
        let snapshot = try Fixture(name).snapshot()
        let zoneInfo = try snapshot.zoneInfo.get()
        return MachineDiagnosis(of: snapshot, assessment: Assessment(of: snapshot, zoneInfo: zoneInfo))
    }

    /// Normal is nearly dry, 451,309 pages are free in HighMem.
    @Test func aDryLowZoneIsNamedBeforeItKills() throws {
        let diagnosis = try Self.diagnosis("6.1-686pae-lowmem-sockets")
        #expect(diagnosis.first?.request == .kernel)
        #expect(diagnosis.first?.consequence == .oomKill)
        #expect(diagnosis.isShort)
        #expect(diagnosis.explanation.cause == .zoneExhausted)
        #expect(diagnosis.explanation.remedies.first?.title.contains("64-bit") == true)
    }

    @Test func evidenceNamesTheFilesOfProc() throws {
        let evidence = try Self.diagnosis("6.1-686pae-lowmem-sockets").explanation.evidence
        #expect(!evidence.isEmpty)
        #expect(evidence.allSatisfy { $0.line == nil && ($0.source == "zoneinfo" || $0.source == "meminfo") })
        #expect(evidence.contains { $0.quote == "Node 0, zone Normal: pages free 13692" })
    }

    @Test func movableIsTheHighMemOf64Bit() throws {
        #expect(try Self.diagnosis("6.1-amd64-movable-dry").explanation.cause == .zoneExhausted)
    }

    /// Full of page cache, which can be dropped: nothing is short.
    @Test func aMachineFullOfCacheIsWell() throws {
        let diagnosis = try Self.diagnosis("6.1-amd64-cache-healthy")
        #expect(!diagnosis.isShort)
        #expect(diagnosis.explanation.cause == .unknown)
        #expect(diagnosis.explanation.remedies.isEmpty)
        #expect(diagnosis.explanation.summary.hasPrefix("nothing is short"))
    }

    @Test func processesThatFillRAMAreNamed() throws {
        let diagnosis = try Self.diagnosis("6.1-amd64-global-order0")
        #expect(diagnosis.isShort)
        #expect(diagnosis.explanation.cause == .memoryExhausted)
        #expect(diagnosis.explanation.filledBy.first?.what == "anonymous")
    }
}
