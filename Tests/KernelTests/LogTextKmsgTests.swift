import Kernel
import Support
import Testing

@Suite struct LogTextKmsgTests {
    @Test func readsARecord() throws {
        let log = "4,477,8614746,c,caller=T121;a\\x20b  \n SUBSYSTEM=pci\n DEVICE=+pci:0000\n12,478,8614747,-;user\n"
        let lines = readAll(log)
        #expect(lines.map(\.words) == ["a b  ", "user"])
        #expect(lines.map(\.number) == [1, 4])
        #expect(lines.map(\.isFromKernel) == [true, false])
        let first = try #require(lines.first)
        #expect(first.transport == .kmsg)
        #expect(first.isContinuation)
        #expect(first.caller == "T121")
        #expect(first.time == TimeSinceBoot(microseconds: 8_614_746))
    }

    /// The 120 MiB of a cgroup's report: in 6.1 the statistics are one record of many lines.
    @Test func splitsTheStatisticsOfAMemoryCgroup() throws {
        let lines = try Fixture("6.1-amd64-memcg-v2").kernelLog().flatMap(\.logLines)
        let start = try #require(lines.firstIndex { $0.words.hasPrefix("Memory cgroup stats for") })
        #expect(lines[start + 1].words.hasPrefix("anon "))
        #expect(lines[start + 2].words.hasPrefix("file "))
        #expect(lines[start + 1].number == lines[start + 2].number)
    }

    @Test func keepsANameWithANewlineInOneLine() throws {
        let lines = try Fixture("6.1-amd64-comms").kernelLog().flatMap(\.logLines).filter { $0.words.contains("new\nline") }
        // The header, its processor, a row, the choice and the kill.
        #expect(lines.count == 5)
    }

    @Test func readsTheSameFromAFileAsFromTheRing() throws {
        let fixture = Fixture("6.1-amd64-global-order0")
        let ring = try fixture.kernelLog().flatMap(\.logLines).map(\.text)
        #expect(readAll(try fixture.bytes("dev/kmsg")).map(\.text) == ring)
    }

    @Test func clampsASequenceThatNoIntHolds() throws {
        let record = KernelLogRecord(sequence: .max, time: TimeSinceBoot(seconds: 1), text: Array("x".utf8))
        #expect(record.logLines.map(\.number) == [.max])
    }
}
