import Kernel
import Testing

@Suite struct LogTextMendTests {
    private func words(_ log: String) -> [String] { readAll(log).map(\.words) }

    @Test(arguments: [
        ["x invoked", "oom-killer: gfp_mask=0xd0, order=0, oom_adj=0"],
        ["x invoked oom-killer: gfp_mask=0xd0,", "order=0, oomkilladj=0"],
        ["x invoked oom-killer:", "gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0,", "oom_score_adj=0"],
        ["x: page allocation failure: order:4,", "mode:0x40c00(GFP_NOIO|__GFP_COMP), nodemask=(null)"],
        ["CPU: 0 PID: 9 Comm: x Not", "tainted 5.10.179 #5"],
        ["CPU: 1 PID: 1 Comm: x Tainted: G W", "5.18.0-rc2 #1"],
        ["Node 0 DMA free:12kB min:7kB", "low:9kB high:11kB all_unreclaimable?", "yes"],
        ["Node 0 active_anon:244kB shmem_thp:", "0kB anon_thp: 0kB writeback_tmp:0kB"],
        ["Node 0", "Normal free:12kB min:7kB low:9kB"],
        ["DMA: 1*4kB (M) 0*8kB", "1*16kB (M) =", "20kB"],
        ["lowmem_reserve[]: 0 805", "2997 2997"],
        ["Node 0 hugepages_total=0 hugepages_free=0", "hugepages_surp=0 hugepages_size=2048kB"],
        ["memory: usage 8192kB, limit 8192kB,", "failcnt 12"],
        ["Memory cgroup stats for /a: cache:0KB rss:8KB", "rss_huge:0KB unevictable:0KB"],
        ["[  pid  ]   uid  tgid total_vm rss", "pgtables_bytes swapents oom_score_adj", "name"],
        ["[    224]     0   224     3425     1273    28672", "0             0 systemd-journal"],
        ["Memory cgroup", "out of memory: Killed process 9 (x) total-vm:8kB, anon-rss:4kB"],
        [
            "Out of memory:", "Killed process 9 (x) total-vm:8kB,", "anon-rss:4kB, file-rss:0kB, shmem-rss:0kB,",
            "UID:0 pgtables:4kB", "oom_score_adj:0",
        ],
        ["Task in /a killed as a result of limit of", "/b"],
        ["Out of memory and no killable", "processes..."],
    ])
    func joinsWhatAMailerCutAtABlank(_ parts: [String]) {
        let whole = parts.joined(separator: " ")
        #expect(words("[   17.041319] " + parts.joined(separator: "\n") + "\n") == [whole])
        #expect(
            words("> Jun 10 13:33:11 h kernel: " + parts.joined(separator: "\n> ") + "\n> Call Trace:\n") == [
                whole, "Call Trace:",
            ])
        #expect(words(parts.joined(separator: "\n") + "\nMem-Info:\n") == [whole, "Mem-Info:"])
    }

    @Test(arguments: [
        [
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,",
            "global_oom,task_memcg=/,task=x,pid=9,uid=0",
        ],
        [
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpu",
            "set=/,mems_allowed=0,global_oom,task_memcg=/,task=x,pid=9", ",uid=0",
        ],
        ["x invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MO", "VABLE), order=0, oom_score_adj=0"],
        ["x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_", "adj=0"],
        ["Out of memory: Killed process 9 (x) total-vm:8kB, a", "non-rss:4kB, file-rss:0kB"],
        ["Out of memory: Killed process 9 (x) to", "tal-vm:8kB, anon-rss:4kB, file-rss:0kB"],
        ["Out of memory: Killed process 9 (x) total-vm:", "8kB, anon-rss:4kB, file-rss:0kB"],
        ["[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents o", "om_score_adj name"],
        ["Tasks in /kubepods.slice/a", "b.slice/c.scope", "d are going to be killed due to memory.oom.group set"],
        ["Node 0 DMA free:12kB min:7kB low:9kB high:11kB active_a", "non:4kB inactive_anon:8kB"],
        ["Node 0 DMA free:12kB min:7", "8kB low:9kB high:11kB"],
        ["Node 0 DMA free:12kB min:7kB low:9", "kB high:11kB"],
        ["DMA: 1*4kB (M) 0*8kB 1*1", "6kB (M) = 20kB"],
        ["Out of memory: Killed process 9 (x) total-vm:8kB, anon-r", "ss:4kB, file-rss:0kB"],
        ["Out of memory: Killed process 9 (x) total-vm:8kB, anon-rss:4", "kB, file-rss:0kB"],
    ])
    func joinsWhatATerminalCutInAWord(_ parts: [String]) {
        #expect(words("[   17.041319] " + parts.joined(separator: "\n") + "\n") == [parts.joined()])
    }

    /// A name may end anywhere, so that any short line may belong to it.
    @Test func joinsNotWithoutEnd() {
        let head = "Out of memory: Killed process 1 ("
        let found = words("[   17.041319] " + head + "\n" + String(repeating: "a\n", count: 2_000))
        #expect(found.count > 1_900)
        #expect(found.first?.hasPrefix(head + "a") == true)
        #expect(found.first.map { $0.utf8.count < 100 } == true)
    }

    @Test func joinsNoLineThatGetsLongerThanAnyOfTheKernel() {
        let piece = "task_memcg=" + String(repeating: "a", count: 1_000)
        let log = "oom-kill:constraint=CONSTRAINT_NONE,\n" + String(repeating: piece + ",\n", count: 16)
        #expect(words("[   17.041319] " + log).allSatisfy { $0.utf8.count <= 4_096 })
    }

    @Test(arguments: [40, 64, 80, 100])
    func joinsAKillLineThatIsWrappedAtAnyWidth(_ width: Int) {
        let line =
            "Memory cgroup out of memory: Killed process 4711 (postgres) total-vm:13672448kB, anon-rss:9437184kB, "
            + "file-rss:1024kB, shmem-rss:524288kB, UID:999 pgtables:20480kB oom_score_adj:985"
        let text = Array("[   17.041319] \(line)".utf8)
        let parts = stride(from: 0, to: text.count, by: width).map { text[$0..<min($0 + width, text.count)] }
        let found = readAll(Array(parts.joined(separator: [UInt8(ascii: "\n")])))
        #expect(found.map { $0.words.filter { $0 != " " } } == [line.filter { $0 != " " }])
    }

    /// Terminals cut all lines at one column, the numbers and names of a table too.
    @Test(arguments: [60, 64, 80, 100])
    func joinsAReportThatIsCutAtOneColumn(_ width: Int) {
        let path =
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod3f6c1c1e.slice/" + String(repeating: "c", count: 64)
        let report = [
            "some-program invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0",
            "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name",
            "[    103]     0   103     5466     5317     5317        0         0    81920        0             0 neighbour",
            "[    104]     0   104  1000005   200001   200002   300003    400004   500000   600006           985 fifteen-letters",
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=a,mems_allowed=0,oom_memcg=\(path),"
                + "task_memcg=\(path),task=some-program,pid=118,uid=0",
            "Memory cgroup out of memory: Killed process 118 (some-program) total-vm:13672448kB, anon-rss:9437184kB, "
                + "file-rss:1024kB, shmem-rss:524288kB, UID:999 pgtables:20480kB oom_score_adj:985",
        ]
        let text = report.enumerated().map { line -> String in
            let whole = Array("[   17.04\(line.offset)319] \(line.element)".utf8)
            return stride(from: 0, to: whole.count, by: width).map {
                String(decoding: whole[$0..<min($0 + width, whole.count)], as: UTF8.self) + "\n"
            }.joined()
        }
        let squeezed = words(text.joined()).map { $0.split(separator: " ").joined(separator: " ") }
        #expect(squeezed == report.map { $0.split(separator: " ").joined(separator: " ") })
    }

    @Test func joinsAPrefixWithTheLineThatWasTooLongForIt() {
        let log = "[  244.945440][ T3106]\noom-kill:constraint=CONSTRAINT_NONE,task=x,pid=9,uid=0\n"
        #expect(words(log) == ["oom-kill:constraint=CONSTRAINT_NONE,task=x,pid=9,uid=0"])
        #expect(readAll(log).map(\.caller) == ["T3106"])
    }

    @Test(arguments: [
        "x invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0\nx cpuset=/ mems_allowed=0\nCall Trace:\n",
        "Mem-Info:\nactive_anon:61 inactive_anon:732 isolated_anon:0\nactive_file:71 inactive_file:14 isolated_file:0\nfree:3\n",
        "Memory cgroup stats for /a:\nanon 8323072\nfile 0\nkernel 65536\n",
        "DMA free:4kB min:1kB all_unreclaimable? no\nlowmem_reserve[]: 0 0 0\nNormal free:4kB min:1kB\n",
        "Out of memory: Kill process 9 (x) score 1 or sacrifice child\nKilled process 9 (x) total-vm:8kB, anon-rss:4kB\n",
        "Killed process 9 (x) total-vm:8kB, anon-rss:4kB\n(snipped)\nThis should not happen.\n",
        "[  390]     0   390    39012     6739      78       51             0 a\n[  433]     0   433 1 2 3 4 -1000 b\n",
        "Out of Memory: Killed process 62 (portmap).\nOut of Memory: Killed process 63 (x).\n",
        "lowmem_reserve[]: 0 0\nNode 0 DMA: 1*4kB = 4kB\nNode 0 hugepages_total=0 hugepages_free=0\n5 total pagecache pages\n",
    ])
    func leavesLinesAloneThatAreWhole(_ log: String) {
        #expect(words(log) == log.split(separator: "\n").map(String.init))
    }

    @Test func keepsTheNumberOfTheFirstHalf() {
        let log = "[    1.000000] a\n[    2.000000] x invoked oom-killer:\ngfp_mask=0xd0, order=0,\noom_adj=0\n[    3.000000] b\n"
        #expect(readAll(log).map(\.number) == [1, 2, 5])
    }

    @Test func putsTornPiecesTogether() {
        let log = ["Node 0 ", "DMA: ", "1*4kB ", "(U) ", "0*8kB ", "= 4kB", "lowmem_reserve[]:", " 0", " 62446"]
        #expect(
            words(log.map { "[  601.337474] \($0)\n" }.joined()) == [
                "Node 0 DMA: 1*4kB (U) 0*8kB = 4kB", "lowmem_reserve[]: 0 62446",
            ])
    }

    @Test(arguments: [
        ["x invoked oom-killer: gfp_mask=0xd0(GFP_KERNEL), nodemask=", "(null)", ",  order=0, oom_score_adj=0"],
        ["oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null)", ",cpuset=/,mems_allowed=0,global_oom", ",task=x,pid=9,uid=0"],
        ["Task in /a", " killed as a result of limit of /b"],
    ])
    func putsPiecesOfALineTogether(_ parts: [String]) {
        #expect(words(parts.map { "[  601.337474] \($0)\n" }.joined()) == [parts.joined()])
    }

    @Test func putsANameWithANewlineTogether() {
        let log = "[    8.621463] Memory cgroup out of memory: Killed process 121 (new\n[    8.621463] line) total-vm:13672kB\n"
        #expect(words(log) == ["Memory cgroup out of memory: Killed process 121 (new\nline) total-vm:13672kB"])
    }

    @Test(arguments: [
        ["Swap cache: add 1, delete 2, find 3/4, race 0+4", "[4325076.465000] Free swap  = 0kB"],
        ["Out of Memory: Killed process 9 (x).", " Jul 19 05:19:24 h kernel: OOM kill occurred"],
        ["Creating journal:", " [   34.739137] mkfs.ext4 invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0"],
        ["DMA free:4kB min:1kB all_unreclaimable? yes", "lowmem_reserve[]: 0 0"],
        ["lowmem_reserve[]: 0 0", " Node 0 DMA32: 26*4kB (U) = 104kB"],
        ["lowmem_reserve[]: 0 0", " Normal free:4kB min:1kB"],
        [
            "[  390]     0   390    39012     6739      78       51             0 a",
            " [  433]     0   433    11104        2      22      360         -1000 b",
        ],
        ["oom-kill:constraint=CONSTRAINT_NONE,task=x,pid=9,uid=0", " Out of memory: Killed process 9 (x) total-vm:8kB"],
        ["Out of memory: Kill process 9 (x) score 1 or sacrifice child", " Killed process 9 (x) total-vm:8kB"],
    ])
    func splitsWhereALineBreakWasLost(_ parts: [String]) {
        let found = words("[    1.000000] " + parts.joined())
        #expect(found.count == 2)
        #expect(found.first == parts[0])
        #expect(found.last.map { parts[1].hasSuffix($0) } == true)
    }

    @Test func splitsAReportThatBecameOneLine() {
        let report = [
            "x invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0",
            "CPU: 0 PID: 9 Comm: x Not tainted 3.13.0 #50-Ubuntu",
            "Hardware name: a b", "Call Trace:", "Mem-Info:", "active_anon:1 inactive_anon:2 isolated_anon:0",
            "Node 0 DMA free:4kB min:1kB all_unreclaimable? no", "lowmem_reserve[]: 0 0", "Node 0 Normal free:4kB min:1kB",
            "lowmem_reserve[]: 0 0", "Node 0 DMA: 1*4kB (U) 0*8kB = 4kB", "Node 0 Normal: 1*4kB (U) 0*8kB = 4kB",
            "Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB", "5 total pagecache pages",
            "3 pages in swap cache", "Swap cache stats: add 0, delete 0, find 0/0", "Free swap  = 0kB", "Total swap = 0kB",
            "7 pages RAM", "0 pages HighMem/MovableOnly", "1 pages reserved",
            "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name",
            "[  390]     0   390    39012     6739      78       51             0 a b",
            "[  433]     0   433    11104        2      22      360         -1000 c",
            "Out of memory: Kill process 9 (x) score 1 or sacrifice child", "Killed process 9 (x) total-vm:8kB, anon-rss:4kB",
        ]
        #expect(words("Jun 10 13:33:11 h kernel: " + report.joined(separator: " ")) == report)
    }

    @Test(arguments: [
        "[  390]     0   390    39012     6739      78       51             0 Mem-Info: a",
        "Out of memory: Killed process 9 (a Mem-Info: b) total-vm:8kB", "a Mem-Info: b invoked oom-killer: order=0, oom_adj=0",
        "Memory cgroup out of memory: Killed process 9 (protections[]:) total-vm:8kB",
        "Out of memory: K invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0",
        "Out of memory: Killed process 9 (oom-kill:constr) total-vm:8kB",
        "[  390]     0   390    39012     6739      78       51             0 [1] 1 2 3 4 5",
        "Kernel panic - not syncing: Out of memory and no killable processes...",
    ])
    func splitsNoNameThatReadsLikeALine(_ line: String) {
        #expect(words("[    1.000000] " + line) == [line])
    }
}
