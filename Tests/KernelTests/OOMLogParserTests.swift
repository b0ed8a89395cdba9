import Kernel
import Support
import Testing

/// Bytes in, reports out.
@Suite struct OOMLogParserTests {
    @Test(arguments: [1, 7, 64, 1000])
    func howTheLogIsCutDoesNotMatter(size: Int) throws {
        let log = try Fixture("6.1-amd64-memcg-v2-group").bytes("dev/kmsg")
        let whole = OOMLogParser.reports(of: [log[...]])
        let chunks = stride(from: 0, to: log.count, by: size).map { log[$0..<min($0 + size, log.count)] }
        #expect(OOMLogParser.reports(of: chunks) == whole)
        #expect(whole.map { $0.victims.map { $0.comm?.text } } == [["eater", "neighbour"]])
    }

    /// The last state of a report only, whatever is added to it line by line.
    @Test func eachReportComesOnceInTheOrderOfTheLog() throws {
        let reports = OOMLogParser.reports(of: [try Fixture("6.1-amd64-storm").bytes("dev/kmsg")[...]])
        #expect(reports.count == 26)
        #expect(reports.map(\.anchor) == reports.map(\.anchor).sorted())
        #expect(Set(reports.map(\.anchor)).count == 26)
    }

    /// Most of a server's log is other programs', and what the kernel says next may be hours away.
    @Test(arguments: [[], [header], [processor], ["sysrq: SysRq : Manual OOM execution"]])
    func attentionEndsWithOtherProgramsLinesToo(_ more: [String]) {
        let dull = "Jun 10 13:33:12 host sshd[9]: Accepted publickey for root from 10.0.0.1 port 22\n"
        let report = [header, processor, usage, choice(41, "eater"), memcgKill(41, "eater")] + more
        let text =
            report.map { "Jun 10 13:33:11 host kernel: \($0)\n" }.joined() + String(repeating: dull, count: 50_000)
            + "Jun 10 14:33:11 host kernel: \(memcgKill(42, "other"))\n"
        var parser = OOMLogParser()
        let reports = parser.add(Array(text.utf8)[...]) + parser.finish()
        #expect(reports.flatMap(\.victims).map(\.processID) == [ProcessID(41), ProcessID(42)])
        #expect(parser.linesRead < 5_000)
    }

    @Test func theTableOfAReportIsReadThroughOtherProgramsLines() {
        let dull = String(repeating: "Jun 10 13:33:12 host sshd[9]: Accepted publickey for root\n", count: 500)
        let rows =
            ["[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name"]
            + (1...3).map { "[      4\($0)]     0    4\($0)     3418     1000    53248        0             0 eater" }
        let lines = [header, processor, usage] + rows + [choice(41, "eater"), memcgKill(41, "eater")]
        let text = lines.map { "Jun 10 13:33:11 host kernel: \($0)\n" }.joined(separator: dull)
        let reports = OOMLogParser.reports(of: [Array(text.utf8)[...]])
        #expect(reports.map { $0.tasks.rows.count } == [3])
        #expect(reports.map(\.isPartial) == [false])
    }

    /// journald writes what is no UTF-8 as the numbers of its bytes.
    @Test(arguments: ["{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":[", "{\"MESSAGE\":["])
    func aMessageOfTheJournalInNumbersIsRead(_ opening: String) {
        let numbers = memcgKill(41, "eat\u{1}r").utf8.map { "\($0)" }.joined(separator: ",")
        let dull = String(repeating: "{\"MESSAGE\":\"session opened\",\"_TRANSPORT\":\"syslog\"}\n", count: 30)
        let reports = OOMLogParser.reports(of: [Array("\(dull)\(opening)\(numbers)]}\n\(dull)".utf8)[...]])
        #expect(reports.flatMap(\.victims).map(\.processID) == [ProcessID(41)])
    }

    /// rsyslog writes the newlines of a record as `#012`, and a shipper of logs as `\\n`.
    @Test(arguments: [(0, "#012"), (4, "#012"), (0, "\\n"), (4, "\\n")])
    func aReportInOneRecordIsRead(_ first: Int, _ newline: String) {
        let lines = [
            header, processor, "Call Trace:", usage, "Tasks state (memory values in pages):",
            "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
            "[     41]     0    41     3418     1000    53248        0             0 eater", choice(41, "eater"),
            memcgKill(41, "eater"),
        ]
        let begun = lines[..<first].map { "Jun 10 13:33:11 host kernel: \($0)\n" }.joined()
        let joined = lines[first...].joined(separator: newline)
        let text =
            newline == "#012"
            ? begun + "Jun 10 13:33:11 host kernel: \(joined)\n"
            : lines[..<first].map { "{\"log\":\"\($0)\"}\n" }.joined() + "{\"log\":\"\(joined)\"}\n"
        let reports = OOMLogParser.reports(of: [Array(text.utf8)[...]])
        #expect(reports.flatMap(\.victims).map(\.memory.anonymous) == [Bytes(kibibytes: 8116)])
        #expect(reports.map { $0.tasks.rows.count } == [1])
        #expect(reports.map(\.isPartial) == [false])
    }

    @Test func aTableWithoutTheVictimsRowIsPartial() {
        let heading = "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name"
        let lines = [header, processor, usage, heading, choice(41, "eater"), memcgKill(41, "eater")]
        let text = lines.enumerated().map { "[    1.00\($0.offset + 10)000] \($0.element)\n" }.joined()
        #expect(OOMLogParser.reports(of: [Array(text.utf8)[...]]).map(\.isPartial) == [true])
    }

    /// What the kernel compares is a process's memory and its adjustment.
    @Test func ofALongTableTheLargestOfEveryAdjustmentAreKept() {
        var lines = [header, processor, usage]
        lines.append("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")
        for pid in 1...20_000 {
            let (adjustment, pages) = pid % 5_000 == 7 ? (pid / 20 + 1, 3) : (0, 10 + pid)
            lines.append("[\(pid)]     0 \(pid)   3418     \(pages)    53248        0             \(adjustment) eater")
        }
        lines += [choice(15_007, "eater"), memcgKill(15_007, "eater")]
        let text = lines.enumerated().map { "[    1.\(100_000 + $0.offset)] \($0.element)\n" }.joined()
        let tasks = OOMLogParser.reports(of: [Array(text.utf8)[...]]).first?.tasks
        let kept = Set(tasks?.rows.map(\.processID.rawValue) ?? [])
        #expect([7, 5_007, 10_007, 15_007, 19_999, 20_000].filter { !kept.contains($0) } == [])
        #expect(kept.count <= 4_008)
        #expect(tasks.map { $0.rows.count + $0.omitted } == 20_000)
    }

    @Test func ofAGroupNoMoreThanSomeStatisticsAreKept() {
        let lines = [header, processor, usage, "Memory cgroup stats for /box:"] + (1...5_000).map { "anon \($0)" }
        let text = lines.map { "[    1.000000] \($0)\n" }.joined() + "[    1.000000] \(memcgKill(41, "eater"))\n"
        #expect(OOMLogParser.reports(of: [Array(text.utf8)[...]]).first?.memcg?.statistics.count == 256)
    }

    /// Other lines may cut `Node 0 DMA: …` and `oom-kill:` in pieces, and this transport has no flag that tells a piece.
    @Test func piecesAreJoinedWithoutFlags() {
        let lines = [
            header, processor, "Mem-Info:", "Node 0 ", "usb 1-1: new device",
            "DMA free:3588kB min:68kB low:84kB high:100kB present:16384kB",
            "lowmem_reserve[]: 0 0", "usb 1-1: new device", " 880 4080", "Node 0 DMA: 1*4kB ", "usb 1-1: new device",
            "(U) 448*8kB (UM) = 3588kB",
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
                + "task_memcg=", "usb 1-1: new device", "/box,task=eater,pid=41,uid=0", "Out of memory: " + killed(41, "eater"),
        ]
        let text = lines.enumerated().map { "[    1.00\($0.offset + 10)000] \($0.element)\n" }.joined()
        let reports = OOMLogParser.reports(of: [Array(text.utf8)[...]])
        #expect(reports.map(\.isPartial) == [false])
        #expect(reports.first?.zones.map(\.node) == [0])
        #expect(reports.first?.zones.first?.protection.map(\.count) == [0, 0, 880, 4080])
        #expect(reports.first?.zones.first?.freeBlocks == [1, 448])
        #expect(reports.first?.victimCgroup?.text == "/box")
    }

    /// Web pages turn one of two blanks into U+00A0.
    @Test func blanksOfAWebPageAreBlanks() {
        let lines = [header, "Free swap\u{a0} = 10kB", "Total swap = 20kB"]
        let reports = OOMLogParser.reports(of: [Array(lines.map { $0 + "\n" }.joined().utf8)[...]])
        #expect(reports.map(\.swap) == [OOMReport.Swap(total: Bytes(kibibytes: 20), free: Bytes(kibibytes: 10))])
    }

    @Test func memoryThatWasAskedForInAQuietLogIsNoReport() {
        let text =
            "Jun 10 13:33:11 host kernel: sysrq: Show Memory\nJun 10 13:33:11 host kernel: Mem-Info:\n"
            + [zone, reserve, blocks].map { "Jun 10 13:33:11 host kernel: \($0)\n" }.joined()
        #expect(OOMLogParser.reports(of: [Array(text.utf8)[...]]) == [])
    }

    @Test func aTableOfAHundredThousandRowsIsRead() {
        var text = "[    5.000000] \(header)\n[    5.000001] \(processor)\n[    5.000002] \(usage)\n"
        text += "[    5.000003] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n"
        for pid in 1...100_000 {
            text += "[    5.000004] [\(pid)]     0 \(pid)   3418     \(pid)    53248        0             0 eater\n"
        }
        text += "[    5.000005] \(choice(41, "eater"))\n[    5.000006] \(memcgKill(41, "eater"))\n"
        var limits = OOMReportAssembler.Limits()
        limits.tasks = 1_000
        var parser = OOMLogParser(limits: limits)
        let reports = parser.add(Array(text.utf8)[...]) + parser.finish()
        #expect(reports.map(\.isPartial) == [false])
        #expect(reports.first.map { $0.tasks.rows.count + $0.tasks.omitted } == 100_000)
        #expect(reports.first.map { $0.tasks.rows.count < 2_000 } == true)
        #expect(reports.first?.tasks.rows.last?.resident == Pages(100_000))
        let kept = reports.first?.forKeeping(tasks: 10).tasks
        #expect(kept?.rows.count == 10)
        #expect(kept.map { $0.omitted } == 99_990)
    }

    @Test(arguments: [UInt64(31), 32])
    func damagedLogsGiveReportsAllTheSame(seed: UInt64) throws {
        for name in ["6.1-amd64-memcg-v2-group", "5.10-amd64-global-order0"] {
            let log = try Fixture(name).bytes("dev/kmsg").suffix(20_000)
            for damaged in Hostile.mutations(of: Array(log), count: 60, seed: seed) {
                #expect(OOMLogParser.reports(of: [damaged[...]]).allSatisfy { $0.lines.contains($0.anchor) })
            }
        }
    }
}

extension OOMLogParser {
    static func reports(of chunks: [ArraySlice<UInt8>]) -> [OOMReport] {
        var parser = OOMLogParser()
        return chunks.flatMap { parser.add($0) } + parser.finish()
    }
}
