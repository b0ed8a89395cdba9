import Diagnosis
import Kernel
import Logging
import Monitor
import Store
import Support
import Testing

@testable import API

@Suite struct StoreFindingTests {
    private func ledger(in directory: String) -> EventLedger {
        let ledger = EventLedger(
            EventLedger.Settings(directory: directory, bootID: "boot"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        ledger.open(startedAt: Timestamp(unixNanoseconds: 0))
        return ledger
    }

    @Test func aHistoryThatCannotBeWrittenIsAFinding() throws {
        // A directory whose parent is a file can be neither made nor written, not even by root.
        let ledger = ledger(in: "/dev/null/state")
        defer { ledger.stop() }
        let sample = Sample(try Fixture("6.1-amd64-cache-healthy").snapshot(), store: ledger.status)
        let finding = try #require(sample.findings.first { $0.id == "history_not_written" })
        #expect(finding.severity == .warning)
        #expect(finding.claim == "the history cannot be written: the store cannot be opened")
        #expect(finding.evidence.map(\.quote) == ["0 events wait in memory", "0 events were given up"])
    }

    @Test func aHistoryThatIsWrittenIsNone() throws {
        let directory = try TemporaryDirectory()
        let ledger = ledger(in: directory.path)
        defer { ledger.stop() }
        #expect(Sample(try Fixture("6.1-amd64-cache-healthy").snapshot(), store: ledger.status).findings.isEmpty)
    }
}
