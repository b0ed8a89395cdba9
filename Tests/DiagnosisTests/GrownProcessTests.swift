import Diagnosis
import Kernel
import Testing

@Suite struct GrownProcessTests {
    private func scan(_ seconds: Int, _ sizes: [(pid: Int32, mebibytes: Int)], growth: Int = 0) -> ProcessScan {
        let time = RecordedTime(
            sinceBoot: Nanoseconds(seconds * 1_000_000_000), wall: Timestamp(unixNanoseconds: seconds * 1_000_000_000))
        let processes = sizes.map { pid, size in
            RecordedProcess(
                ProcessID(pid), "p", adjustment: 0, size: (Bytes(kibibytes: size << 10), .zero),
                growth: (Bytes(kibibytes: growth << 10), Nanoseconds(60_000_000_000)))
        }
        return ProcessScan(time: time, total: sizes.count, processes: processes)
    }

    @Test func tellsWhoGrewSinceWhenAndHowFast() throws {
        let scans = [
            scan(100, [(1, 50), (2, 80)]), scan(110, [(1, 50), (2, 80)]), scan(120, [(1, 70), (2, 79)]),
            scan(130, [(1, 90), (2, 80)]),
        ]
        let grown = GrownProcess.find(in: scans)
        #expect(grown.map(\.process) == [ProcessID(1), ProcessID(2)])
        #expect(grown[0].growth == Bytes(kibibytes: 40 << 10))
        #expect(grown[0].since == Timestamp(unixNanoseconds: 110_000_000_000))
        #expect(grown[0].perSecond == Bytes(kibibytes: 2 << 10))
    }

    @Test func oneThatCameByItsGrowthWasSmallerBefore() throws {
        let grown = GrownProcess.find(in: [scan(100, [(1, 50)], growth: 30)])
        #expect(grown.first?.from == Bytes(kibibytes: 20 << 10))
        #expect(grown.first?.since == Timestamp(unixNanoseconds: 40_000_000_000))
    }

    @Test func noiseIsNoGrowth() {
        #expect(GrownProcess.find(in: [scan(100, [(1, 50)]), scan(110, [(1, 50)])]).isEmpty)
        #expect(GrownProcess.find(in: []).isEmpty)
    }
}
