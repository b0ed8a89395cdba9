import Diagnosis
import Kernel
import Testing

@Suite struct ProcessOrderTests {
    private static func reading(_ pid: Int32, pages: Int?, adjustment: Int = 0) throws -> ProcessReading {
        let memory = pages.map { "VmRSS:\t\($0 * 4) kB\n" } ?? ""
        let text = "Name:\tx\nState:\tS\nTgid:\t\(pid)\nPid:\t\(pid)\nPPid:\t1\nUid:\t0\n\(memory)Threads:\t1\nCapEff:\t0\n"
        return ProcessReading(
            status: try ProcessStatus(parsing: Array(text.utf8)), adjustment: try #require(OOMScoreAdjustment(adjustment)))
    }

    private static func pids(_ order: ProcessOrder, _ kernel: KernelVersion, _ readings: [ProcessReading]) -> [Int32] {
        let formula = BadnessFormula(memory: Bytes(Pages(100_000), of: .fourKiB), swap: .zero, pageSize: .fourKiB, kernel: kernel)
        return order.first(10, of: readings, formula: formula).map(\.reading.status.process.rawValue)
    }

    @Test func ofEqualsTheLaterStandsFirstSince53() throws {
        let equals = try [Self.reading(10, pages: 5), Self.reading(12, pages: 5), Self.reading(11, pages: 5)]
        #expect(Self.pids(.badness, KernelVersion(5, 3), equals) == [12, 11, 10])
        #expect(Self.pids(.badness, KernelVersion(5, 2), equals) == [10, 11, 12])
    }

    @Test func anAdjustmentOutweighsSize() throws {
        let readings = try [Self.reading(10, pages: 50_000), Self.reading(11, pages: 1, adjustment: 600)]
        #expect(Self.pids(.badness, KernelVersion(6, 1), readings) == [11, 10])
        #expect(Self.pids(.rss, KernelVersion(6, 1), readings) == [10, 11])
        #expect(Self.pids(.adjustment, KernelVersion(6, 1), readings) == [11, 10])
    }

    @Test func thoseNeverChosenStandLastTheLargestFirst() throws {
        let readings = try [
            Self.reading(1, pages: 9), Self.reading(20, pages: nil), Self.reading(21, pages: 70, adjustment: -1000),
            Self.reading(22, pages: 1, adjustment: -999),
        ]
        #expect(Self.pids(.badness, KernelVersion(6, 1), readings) == [22, 21, 1, 20])
    }

    @Test func namesAreThoseOfTheQuery() {
        #expect(ProcessOrder.allCases.map(\.rawValue) == ["badness", "rss", "oom_score_adj", "pid"])
    }
}
