import Diagnosis
import Host
import Kernel
import Monitor
import Support
import Testing

@Suite struct ProcessListTests {
    private static let list = ProcessList(table: ProcessTable(root: Fixture("6.1-amd64-protected-biggest").root))

    private static var formula: BadnessFormula? {
        BadnessFormula(memory: Bytes(kibibytes: 339_380), swap: .zero, pageSize: .fourKiB, kernel: KernelVersion(6, 1))
    }

    private func names(by order: ProcessOrder, limit: Int = 50) throws -> [String] {
        try Self.list.readPage(by: order, limit: limit, formula: Self.formula).processes.map(\.reading.status.commandName.text)
    }

    @Test func theNextVictimStandsFirst() throws {
        #expect(try names(by: .badness).starts(with: ["second", "third", "protected"]))
    }

    @Test func sizeAloneIsAnotherOrder() throws {
        #expect(try names(by: .rss, limit: 3) == ["protected", "second", "third"])
    }

    @Test func ofEqualAdjustmentTheLargerStandsFirst() throws {
        #expect(try names(by: .adjustment, limit: 3) == ["second", "third", "protected"])
    }

    @Test func pidsRise() throws {
        let page = try Self.list.readPage(by: .pid, limit: 3, formula: Self.formula)
        #expect(page.processes.map(\.reading.status.process.rawValue) == [1, 95, 98])
        #expect(page.total == 9)
    }

    @Test func aPageHasTheKernelsScoreBesideOurBadness() throws {
        let first = try #require(try Self.list.readPage(by: .badness, limit: 1, formula: Self.formula).processes.first)
        #expect(first.badness == Badness(Pages(15_587)))
        #expect(first.details.score == 788)
        #expect(first.details.memoryCgroup?.text == "/")
        #expect(first.details.commandLine == nil)
    }

    @Test func withoutAFormulaSizeDecides() throws {
        let page = try Self.list.readPage(by: .badness, limit: 2, formula: nil)
        #expect(page.processes.map(\.reading.status.commandName.text) == ["protected", "second"])
        #expect(page.processes.allSatisfy { $0.badness == nil })
    }

    @Test func aLimitOfNothingIsAnEmptyPage() throws {
        #expect(try names(by: .badness, limit: 0).isEmpty)
        #expect(try names(by: .badness, limit: -1).isEmpty)
    }

    @Test func oneProcessIsReadAlone() throws {
        let report = try Self.list.read(ProcessID(102), formula: Self.formula)
        #expect(report.reading.adjustment == .exempt)
        #expect(report.badness == nil)
        #expect(report.details.startTime != nil)
        #expect(throws: ProcessError.noSuchProcess(ProcessID(4242))) {
            try Self.list.read(ProcessID(4242), formula: Self.formula)
        }
    }
}
