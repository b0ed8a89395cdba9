import Kernel
import Support
import Testing

@Suite struct LogTextReaderTests {
    private static let dull = "Jun 10 13:33:11 h CRON[991]: (root) CMD (test -x /usr/sbin/anacron), still in the room\n"

    @Test(arguments: [
        "x invoked oom-killer: gfp_mask=0xd0, order=0", "oom-killer: gfp_mask=0x1d2",
        "Out of Memory: Killed process 62 (portmap).",
        "Memory cgroup out of memory: Killed process 9 (x)", "Killed process 9 (x)", "VM: killing process sh",
        "__alloc_pages: 0-order allocation failed (gfp=0x1d2/0)", "mc: page allocation failure. order:1, mode:0x20",
        "Would have oom-killed but /proc/sys/vm/oom-kill is disabled", "SysRq : Manual OOM execution", "tried to kill init!",
        "Kernel panic - not syncing: Out of memory and no killable processes...", "DMA: 1*4kB 0*8kB = 4kB",
        "DMA free:3548kB min:68kB", "Free pages:        3060kB (0kB HighMem)", "memory: usage 8192kB, limit 8192kB, failcnt 1",
        "out of memory. panic_on_oom is selected", "oom_kill_process: 15 callbacks suppressed", "Free swap  = 0kB",
        "OOM kill occurred on an x86_64 NUMA system!", "Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF",
    ])
    func findsTheFirstLineOfEveryReport(_ words: String) {
        for dullLines in [0, 1, 3, 4000] {
            let log = String(repeating: Self.dull, count: dullLines) + "Jun 10 13:33:11 h kernel: \(words)\n" + Self.dull
            let lines = readIdly(Array(log.utf8))
            #expect(lines.contains { $0.words == words && $0.number == dullLines + 1 })
        }
    }

    @Test func dismissesWhatCanBeNoReport() {
        let log = String(repeating: Self.dull, count: 5000)
        #expect(readIdly(Array(log.utf8)).isEmpty)
    }

    @Test(arguments: ["systemd-oomd[8]: Killed /a due to memory pressure", "earlyoom[9]: sending SIGTERM to process 77"])
    func findsKillsByPrograms(_ words: String) {
        let log = Self.dull + "Jun 10 13:33:11 h \(words)\n" + Self.dull
        #expect(readIdly(Array(log.utf8)).contains { $0.program.map(words.hasPrefix) == true })
    }

    @Test func looksBackForTheLinesBeforeTheFirstNeedle() {
        let log =
            String(repeating: Self.dull, count: 3) + "slab:2624 mapped:56916 pagetables:475\n"
            + "active_anon:1 inactive_anon:2 isolated_anon:0\nDMA free:4kB min:1kB\n"
        #expect(readIdly(Array(log.utf8)).map(\.number) == [4, 5, 6])
    }

    @Test func looksBackForTheProcessorOfAStackWithoutAHead() {
        let log =
            Self.dull + "CPU: 0 PID: 34 Comm: x Tainted: G 6.1.66 #1\nHardware name: a\nWorkqueue: events b\n"
            + " dump_stack_lvl+0x90/0xac\n warn_alloc+0x110/0x19c\n"
        #expect(readIdly(Array(log.utf8)).map(\.number) == [2, 3, 4, 5, 6])
    }

    @Test func joinsAHeaderWhoseNeedleIsInItsSecondHalf() {
        let log = Self.dull + "[    1.000000] x invoked\noom-killer: gfp_mask=0xd0, order=0, oom_adj=0\n" + Self.dull
        #expect(readIdly(Array(log.utf8)).contains { $0.words == "x invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0" })
    }

    @Test func givesEveryLineWhileItIsAttentive() {
        var reader = LogReader()
        var seen: [Int] = []
        let log =
            Self.dull + Self.dull
            + "x invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0\nCall Trace:\n a\nKilled process 9 (x)\n"
            + String(repeating: Self.dull, count: 9)
        var isOpen = false
        let take: (LogLine) -> Bool = { line in
            seen.append(line.number)
            if line.words.contains("invoked") { isOpen = true }
            if line.words.contains("Killed") { isOpen = false }
            return isOpen
        }
        reader.read(Array(log.utf8)[...], take)
        reader.finish(take)
        // One line is looked back to, and the held kill line waits for the line behind it.
        #expect(seen == [2, 3, 4, 5, 6, 7])
    }

    @Test(arguments: [1, 7, 100, 4000])
    func readsTheSameHoweverTheLogIsCut(_ pieces: Int) throws {
        let log = Array(try dmesgOfACapture().prefix(40_000)) + Array("[   17.041319] x invoked\noom-killer: order=0".utf8)
        #expect(readAll(log, pieces: pieces) == readAll(log))
        #expect(readIdly(log, pieces: pieces) == readIdly(log))
    }

    @Test func survivesALineThatNeverEnds() {
        let log = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000) + Array(" oom-killer: gfp_mask=0x1d2".utf8)
        let longest = readAll(log, pieces: 10_000).map(\.text.count).max() ?? 0
        #expect(longest <= LogReader.Limits().lineBytes + LogReader.Limits().blockBytes)
        #expect(readAll([UInt8](repeating: 0, count: 300_000)).count <= 8)
    }

    @Test func survivesAnyDamage() throws {
        let start = Array(try dmesgOfACapture().suffix(9_000))
        let samples = PrefixedLine.all.map { $0.prefix + "x invoked oom-killer: gfp_mask=0xd0,\n> order=0\n" }.joined()
        let json = #"{"log":"[ 1.5] oom\u00e9\ud83d\ude00\n"}"# + "\n_A=b\nMESSAGE=oom\n\n" + #"{"MESSAGE":[1,2,300]}"# + "\n"
        for text in [start, Array(samples.utf8), Array(json.utf8)] {
            for damaged in Hostile.mutations(of: text, count: 200, seed: 4) {
                _ = readAll(damaged) + readIdly(damaged, pieces: 999)
            }
            for prefix in Hostile.prefixes(of: text, step: 37) { _ = readAll(prefix) }
        }
    }

    /// The log of a capture as dmesg prints it.
    private func dmesgOfACapture() throws -> [UInt8] {
        var text: [UInt8] = []
        for record in try Fixture("6.1-amd64-global-order0").kernelLog() {
            let micros = String(record.time.microseconds % 1_000_000)
            let stamp =
                "[\(record.time.microseconds / 1_000_000)." + String(repeating: "0", count: 6 - micros.count) + micros + "] "
            for line in record.text.split(separator: UInt8(ascii: "\n")) {
                text += Array(stamp.utf8) + line + [UInt8(ascii: "\n")]
            }
        }
        return text
    }
}
