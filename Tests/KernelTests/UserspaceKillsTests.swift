import Kernel
import Support
import Testing

@Suite struct UserspaceKillsTests {
    @Test func aProcessSignalledAgainWithinAMinuteIsKnown() {
        var kills = UserspaceKills()
        #expect(kills.add(Self.signal(7), at: second(0)).map { $0.report.victims.first?.processID } == [ProcessID(7)])
        #expect(kills.add(Self.signal(7), at: second(50)).isEmpty)
        #expect(kills.add(Self.signal(7), at: second(100)).isEmpty)
        #expect(kills.add(Self.signal(8), at: second(101)).count == 1)
        #expect(kills.add(Self.signal(7), at: second(161)).count == 1)
    }

    /// oomd rests for 15 s after a kill.
    @Test func aGroupMarkedAndThenKilledIsOneAndKilledAgainIsTwo() {
        var kills = UserspaceKills()
        let reason = "due to memory pressure for /a being 65.30% > 60.00% for > 30s with reclaim activity"
        #expect(kills.add(Self.oomd("Marked /a/b for killing \(reason)"), at: second(0)).count == 1)
        #expect(kills.add(Self.oomd("Killed /a/b \(reason)"), at: second(1)).isEmpty)
        #expect(kills.add(Self.oomd("Killed /a/b \(reason)"), at: second(17)).count == 1)
        #expect(kills.add(Self.oomd("Killed /a/c \(reason)"), at: second(18)).count == 1)
    }

    @Test func aClockSetBackHidesNothing() {
        var kills = UserspaceKills()
        #expect(kills.add(Self.signal(7), at: second(1000)).count == 1)
        #expect(kills.add(Self.signal(7), at: second(10)).count == 1)
    }

    @Test func twoAtTheSameTimeHaveDifferentAnchors() {
        var kills = UserspaceKills()
        let anchors = [1, 2, 3].flatMap { kills.add(Self.signal($0), at: second(0)).map(\.report) }.map(\.anchor)
        #expect(anchors == [500, 501, 502])
    }

    /// earlyoom up to 1.2, and a state between 1.2 and 1.3.
    @Test(arguments: [
        "Killing process 'big' with signal 15, pid: 7, badness: 538, VmRSS: 3160 MiB",
        "killing process 7 \"big\" with signal 9: badness 538, VmRSS 3160 MiB",
    ])
    func theWordsOfOldEarlyoomsAreKills(_ words: String) {
        var kills = UserspaceKills()
        let victims = kills.add(Self.line("earlyoom", words), at: second(0)).flatMap(\.report.victims)
        #expect(victims.map(\.processID) == [ProcessID(7)])
        #expect(victims.map { $0.comm?.text } == ["big"])
    }

    @Test func otherWordsOfTheirsAreNoKill() {
        var kills = UserspaceKills()
        #expect(kills.add(Self.line("earlyoom", "mem avail: 1234 of 5678 MiB (21.73%)"), at: second(0)).isEmpty)
        #expect(kills.add(Self.line("cron", "sending SIGTERM to process 1 uid 0 \"a\": badness 1"), at: second(0)).isEmpty)
    }

    @Test(arguments: [
        "Jun 10 13:33:11 host earlyoom[812]: words", "Jun 10 13:33:11 host earlyoom: words",
        "Jun 10 13:33:11 earlyoom[812]: words", "2025-06-10T13:33:11.123456+02:00 host earlyoom[812]: words",
    ])
    func aLineOfSyslogByItsTag(text: String) {
        let line = LogLine(ofKiller: Array(text.utf8)[...], number: 3)
        #expect(line?.program == "earlyoom")
        #expect(line?.text == Array("words".utf8))
        #expect(line?.number == 3)
        #expect(line?.isFromKernel == false)
    }

    @Test(arguments: [
        "", "earlyoom", "Jun 10 13:33:11 host sudo: user : COMMAND=earlyoom[812]: words",
        "Jun 10 13:33:11 host earlyoomx[812]: words",
        "Jun 10 13:33:11 host kernel: earlyoom[812]: words", "Jun 10 13:33:11 host x: Jun 10 13:33:11 host earlyoom[812]: words",
        "Jun 10 13:33:11 host kernel: [  1.000000] systemd-oomd[1]: words",
    ])
    func aNameElsewhereIsNoTag(text: String) {
        #expect(LogLine(ofKiller: Array(text.utf8)[...], number: 3) == nil)
    }

    @Test func noPrefixOfALineTraps() {
        let text = Array(
            "2025-06-10T13:33:11.123456+02:00 host earlyoom[812]: sending SIGTERM to process 1 uid 0 \"a\": badness 1".utf8)
        for length in 0...text.count {
            guard let line = LogLine(ofKiller: text[..<length], number: Int.max) else { continue }
            var kills = UserspaceKills()
            _ = kills.add(line, at: Timestamp(unixNanoseconds: Int.min))
            _ = kills.add(line, at: Timestamp(unixNanoseconds: Int.max))
        }
    }

    private func second(_ count: Int) -> Timestamp {
        Timestamp(unixNanoseconds: 1_700_000_000_000_000_000 + count * 1_000_000_000)
    }

    private static func signal(_ pid: Int) -> LogLine {
        line("earlyoom", #"sending SIGTERM to process \#(pid) uid 1000 "firefox": oom_score 800, VmRSS 12 MiB, cmdline "x""#)
    }

    private static func oomd(_ text: String) -> LogLine { line("systemd-oomd", text) }

    private static func line(_ program: String, _ text: String) -> LogLine {
        var line = LogLine(number: 500, transport: .journal, isFromKernel: false, text: text.utf8)
        line.program = program
        return line
    }
}
