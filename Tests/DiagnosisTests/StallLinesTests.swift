import Diagnosis
import Kernel
import Testing

/// A stall as the text that is kept of it.
@Suite struct StallLinesTests {
    private static let begin = RecordedTime(sinceBoot: Nanoseconds(5), wall: Timestamp(unixNanoseconds: 7))

    private func stall(_ owner: Stall.Owner) -> Stall {
        var worst = Stall.Severity()
        worst.refaultedPerSecond = Bytes(4_096)
        worst.allocationStallsPerSecond = 3
        worst.limitEventsPerSecond = 2
        return Stall(owner: owner, begin: Self.begin, reasons: [.refaults, .hungTask], worst: worst)
    }

    @Test func isReadAsItWas() {
        for owner in [Stall.Owner.machine, .cgroup(CgroupPath([0x2f, 0xff, 0x20] + Array("cgroup=/x".utf8)))] {
            var stall = stall(owner)
            #expect(Stall(lines: stall.lines) == stall)
            stall.end = RecordedTime(sinceBoot: Nanoseconds(6), wall: Timestamp(unixNanoseconds: 9))
            #expect(Stall(lines: stall.lines) == stall)
        }
    }

    @Test func aWordOfALaterVersionIsPassedOver() {
        let line = LogLine(number: 1, text: Array("stall began=7 after=5 reasons=refaults,boredom new=1 refaulted=0".utf8))
        #expect(Stall(lines: [line])?.reasons == [.refaults])
    }

    @Test(arguments: ["", "stall", "stall began=x after=5", "Killed process 1 (x)", "stall began=7"])
    func whatIsNoneIsNil(text: String) {
        #expect(Stall(lines: [LogLine(number: 1, text: Array(text.utf8))]) == nil)
    }
}
