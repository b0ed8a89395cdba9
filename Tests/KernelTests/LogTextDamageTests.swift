import Kernel
import Testing

/// What tools and terminals do to a log before somebody pastes it.
@Suite struct LogTextDamageTests {
    private let kill = memcgKill(41, "eater")

    private func words(_ log: String) -> [String] { readAll(log).map(\.words) }

    @Test(arguments: [
        "12:K", "  12  K", "  12\tK", "12-K", " 12 | K", "12. K", "/var/log/messages:K", "kern.log.1:K", "/var/log/messages:7:K",
        "* K", "- K", "• K", "+ K", "\"K\",", "'K'", "\"K\"", "| K |", "\u{7f}K", "K<br>", "K<br/>",
    ])
    func takesOffWhatStandsAroundALine(_ shape: String) {
        #expect(words(shape.replacing("K", with: kill)) == [kill])
    }

    /// Such a line shows nothing by itself that would tell its number from its text.
    @Test func aNumberIsTakenOffEachLineOnceOneIsPlain() {
        let log = [kill, "7 pages RAM", "Free swap  = 0kB"].enumerated().map { "\($0.offset + 1):\($0.element)" }
        #expect(words(log.joined(separator: "\n")) == [kill, "7 pages RAM", "Free swap  = 0kB"])
    }

    @Test(arguments: [
        "4156 total pagecache pages", "0 pages in swap cache", "12:13:14 h cron[1]: 5: x", "a.b:c d", "2 - 1",
        "kworker/0:1 invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0",
        "531: page allocation failure: order:1, mode:0x20",
    ])
    func whatIsNoLabelStays(_ line: String) { #expect(words(line).map { line.hasSuffix($0) } == [true]) }

    @Test(arguments: [
        ("[    1.000000]   K", "K"), ("Jun 10 13:33:11 h kernel:   K", "K"), ("[    1.000000]  7 pages RAM", "7 pages RAM"),
        ("[    1.000000]  x invoked oom-killer: order=0", "x invoked oom-killer: order=0"),
        ("[    1.000000]  invoked oom-killer: order=0", " invoked oom-killer: order=0"),
        ("[    1.000000]  Kernel panic - not syncing: a", "Kernel panic - not syncing: a"),
        ("[    1.000000]  oom_kill_process+0x80", " oom_kill_process+0x80"),
    ])
    func aTextBehindMoreThanOneBlankIsTheText(_ line: String, _ text: String) {
        #expect(words(line.replacing("K", with: kill)) == [text.replacing("K", with: kill)])
    }

    /// klogd left the level, and two blanks before it.
    @Test func takesALevelOutOfTheText() {
        #expect(words("Jun 10 13:33:11 h kernel:  <5>\(kill)") == [kill])
    }

    @Test func breaksThatAreWrittenOutAreBreaks() {
        let lines = ["Mem-Info:", "Node 0 DMA free:4kB min:1kB", "lowmem_reserve[]: 0 0", "7 pages RAM", "1 pages reserved"]
        let log = (lines + [header, processor, usage, kill, "Call Trace:"]).map { "[    1.000000] \($0)" }
        #expect(words(log.joined(separator: "<br>")) == log.map { String($0.dropFirst(15)) })
        #expect(words(log.joined(separator: "\\n")) == log.map { String($0.dropFirst(15)) })
    }

    @Test func splitsBeforeADateInBrackets() {
        let date = "[Mon Dec  8 17:51:31 2025]"
        #expect(words("\(date) \(kill) \(date) \(header)") == [kill, header])
    }

    @Test func splitsALineWhoseBeginningIsLost() {
        let rest = [
            "057 slab:220 mapped:12 pagetables:1", "DMA free:4kB min:1kB", "lowmem_reserve[]: 0 0", "oom-killer: gfp_mask=0xd0",
        ]
        #expect(words(rest.joined(separator: " ")) == rest)
    }

    @Test func aLineAsLongAsTheLongestIsNotARow() {
        let line = "Node 0 DMA free:3588kB min:68kB low:84kB high:100kB present:16384kB"
        let log = Array(repeating: [line, "lowmem_reserve[]: 0 0", "7 pages RAM"], count: 4).flatMap { $0 }
        #expect(words(log.joined(separator: "\n")) == log)
    }

    @Test(arguments: [
        ["Out of Memory: Killed process 2368", "(jserver)."], ["Out of Memory: Killed process", "2368 (jserver)."],
        ["Out of memory: Killed process 9 (Web", "Content) total-vm:8kB, anon-rss:4kB"],
        ["Memory cgroup out of memory: Kill process 9", "(java) score 0 or sacrifice child"],
        ["Kernel panic - not syncing: System is deadlocked on", "memory"],
    ])
    func aVictimIsJoinedToItsWords(_ parts: [String]) {
        #expect(words(parts.map { "> \($0)\n" }.joined()) == [parts.joined(separator: " ")])
    }

    @Test(arguments: [
        "11月 25 10:00:01 h kernel: ", "2026/11/25 10:00:06 h kernel: ", "Wed Nov 25 10:00:08 UTC 2026 ", "h kernel: ", "kernel:",
        " kernel:[12345.678901] ",
    ])
    func readsDatesAndTagsAsTheyAreFound(_ prefix: String) { #expect(words(prefix + kill) == [kill]) }

    @Test func aDateThatWasCutIsADate() {
        let lines = readAll("10 13:33:11 h kernel: \(kill)")
        #expect(lines.map(\.words) == [kill])
        #expect(lines.map(\.transport) == [.syslog])
    }
}
