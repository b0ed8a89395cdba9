import Kernel
import Testing

@Suite struct LogTextPasteTests {
    private let words = "Out of memory: Killed process 9 (x) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB"

    @Test(arguments: [
        "> [   17.041319] W", ">> [   17.041319] W", "> > [   17.041319] W", "| [   17.041319] W", "    [   17.041319] W",
        "\t[   17.041319] W\r", "**[   17.041319] W**", "[**   17.041319] W**", "*[   17.041319] W*", "_[   17.041319] W_",
        "`[   17.041319] W`", "\u{feff}[   17.041319] W", "&gt; [   17.041319] W", "[   17.041319]\u{a0}W  ",
        "\u{1b}[32m[   17.041319] \u{1b}[0m\u{1b}[1mW\u{1b}[0m", "\\[   17.041319\\] W", "[   17.041319] W \u{a0}",
    ])
    func takesOffWhatPastingPutOn(_ shape: String) throws {
        let log = shape.replacing("W", with: words)
        let line = try #require(readAll(log).first)
        #expect(line.words == words)
        #expect(line.time == TimeSinceBoot(microseconds: 17_041_319))
    }

    @Test(arguments: [
        ("[    1.000000]  \\<TASK\\>", " <TASK>"),
        ("[    1.000000]  &lt;TASK&gt;", " <TASK>"),
        ("[    1.000000] DMA: 1\\*4kB 0\\*8kB = 4kB", "DMA: 1*4kB 0*8kB = 4kB"),
        ("[    1.000000] DMA: 1*4kB 0*8kB = 4kB", "DMA: 1*4kB 0*8kB = 4kB"),
        ("[    1.000000] oom\\_kill\\_process+0x80", "oom_kill_process+0x80"),
        ("[    1.000000] \u{1b}[31m invoked oom-killer: order=0", "\u{1b}[31m invoked oom-killer: order=0"),
        ("[    1.000000] Comm: \\x0a\\x Not tainted", "Comm: \\x0a\\x Not tainted"),
        ("Jun 10 13:33:11 h kernel: a#011b", "a b"),
        ("Jun 10 13:33:11 h kernel: 5.10.0 #443", "5.10.0 #443"),
    ])
    func decodesEscapes(_ log: String, _ words: String) throws {
        #expect(try #require(readAll(log).first).words == words)
    }

    @Test func dropsEmptyLinesAndCountsThem() {
        let lines = readAll("Jun 10 13:33:11 h kernel: DMA32: empty\n\n> \n\nJun 10 13:33:11 h kernel: Normal: 1*4kB = 4kB\n")
        #expect(lines.map(\.number) == [1, 5])
    }

    @Test func splitsTheNewlinesOfRsyslog() {
        let log = "Jun 10 13:33:11 h kernel: active_anon:1 inactive_anon:2#012 active_file:3 inactive_file:4#012 free:5\n"
        #expect(readAll(log).map(\.words) == ["active_anon:1 inactive_anon:2", " active_file:3 inactive_file:4", " free:5"])
    }

    @Test func keepsTheNewlineOfANameThroughRsyslog() throws {
        let line = try #require(readAll("Jun 10 13:33:11 h kernel: Killed process 9 (new#012line) total-vm:8kB\n").first)
        #expect(line.words == "Killed process 9 (new\nline) total-vm:8kB")
    }

    @Test func readsTheLogThatThisProjectBeganWith() {
        let plain = "Jun 10 13:33:11 xx user.warn kernel: Normal free:1340kB min:3756kB all_unreclaimable? yes"
        let marked = ["**\(plain)**", "J**\(plain.dropFirst())**", "\(plain)"]
        for log in marked {
            #expect(readAll(log).map(\.words) == ["Normal free:1340kB min:3756kB all_unreclaimable? yes"])
        }
    }

    @Test func givesAContinuationLineTheTimeOfItsRecord() {
        let log =
            "[  104.034111] active_anon:511 inactive_anon:235 isolated_anon:0\n"
            + "                active_file:775 inactive_file:204 isolated_file:0\n"
        let lines = readAll(log)
        #expect(
            lines.map(\.words) == [
                "active_anon:511 inactive_anon:235 isolated_anon:0", "active_file:775 inactive_file:204 isolated_file:0",
            ])
        #expect(lines.map(\.time) == [TimeSinceBoot(microseconds: 104_034_111), TimeSinceBoot(microseconds: 104_034_111)])
    }
}
