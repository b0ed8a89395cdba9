import Support
import Testing

@testable import Kernel

/// Any bytes give a value or nil: the assertion is that the process is still there.
@Suite struct OOMReportLineRobustnessTests {
    static let lines = [
        "big invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=0-1, order=0, oom_score_adj=0",
        "oom-killer: gfp_mask=0x1d2", "mysqld cpuset=/ mems_allowed=0", "Mem-Info:",
        "CPU: 0 UID: 0 PID: 121 Comm: big Kdump: loaded Tainted: G  W 7.2.13+deb14-amd64 #1",
        "Pid: 15462, comm: t Not tainted 2.6.32-220.7.1.el6.x86_64 #1", "( Active: 2231, inactive: 123, free: 456 )",
        "active_anon:12345 inactive_anon:4567 isolated_anon:0", "Free swap  = 3610572kB", "524158 pages RAM",
        "Node 0 active_anon:1kB shmem:0kB shmem_thp: 0kB shmem_pmdmapped: 4096kB anon_thp: 300kB pages_scanned:0 all_unreclaimable? no",
        "Node 0 Normal free:1340kB boost:0kB min:3756kB reserved_highatomic:0KB pages_scanned:17 all_unreclaimable? yes",
        "lowmem_reserve[]: 0 880 22543 22543", "Node 0 DMA: 1*4kB (U) 0*8kB 1*16kB (M) = 20kB", "3*4kB 1*8kB 0*16kB = 20kB)",
        "Node 0 hugepages_total=900 hugepages_free=880 hugepages_surp=0 hugepages_size=2048kB",
        "Task in /test killed as a result of limit of /test", "memory+swap: usage 8kB, limit 9007199254740988kB, failcnt 0",
        "Memory cgroup stats for /box: cache:32KB rss:524188KB", "anon 57171968", "biovec-max   1280KB   1280KB",
        "[    124]  1000   124     4460     2200     2029        1       170    57344        5          -250 eater",
        "[ 1234]    33  1233     4711      812   1     -17 apache2",
        "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
        "Out of memory: Killed process 111 (big) total-vm:8kB, anon-rss:4kB, file-rss:4kB, UID:0 pgtables:468kB oom_score_adj:0",
        "Killed process 62185, UID 48, (httpd) total-vm:732728kB, anon-rss:198916kB, file-rss:2288kB",
        "VM: killing process cc1(4711)", "Memory cgroup out of memory: Kill process 4015 (python) score 1923 or sacrifice child",
        "a: page allocation failure: order:1, mode:0x20(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0",
        "__alloc_pages: 0-order allocation failed (gfp=0x1d2/0)", "oom_kill_process: 132 callbacks suppressed",
        "Tasks in /box are going to be killed due to memory.oom.group set", "sysrq: SysRq : Manual OOM execution",
        "oom_reaper: reaped process 5740 (pause), now anon-rss:0kB", "oom_reaper: unable to reap pid:17 (a)",
        "Killed /a due to memory pressure for / being 65.30% > 60.00% for > 30s with reclaim activity",
        "Marked /a for killing due to swap used (1) / total (2) being more than 90.00%",
        #"sending SIGTERM to process 4711 uid 1000 "a": oom_score 800, VmRSS 9223372036854775807 MiB, cmdline "b""#,
        "low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%",
    ]

    /// Every parser of every line: a damaged line may begin as any other.
    func readAll(_ text: [UInt8]) {
        _ = MemInfoLine(text)
        _ = MemInfoLine(text, release: KernelVersion(4, 8))
        _ = (MemcgLine(text), MemcgLine(statistic: text), MemcgLine(limitBehindTask: text))
        _ = (SlabLine(text), RemarkLine(text), CpusetLine(text), UserspaceKillLine(text))
        _ = (KillLine(text), KillLine(embeddedIn: text), KillChoiceLine(text), SparedLine(text))
        let processor = ProcessorLine(text)
        _ = processor?.isAbout("big")
        let columns = TaskColumns(text) ?? TaskColumns.guessed(from: text)
        _ = columns?.task(in: text, line: 1)
        for mask in [OOMReportHeader(text)?.mask, AllocationFailureLine(text)?.mask] {
            _ = mask?.request(release: nil)
            _ = mask?.meaning(release: KernelVersion(4, 12))
        }
    }

    @Test func everyPrefixIsAValueOrNil() {
        for line in Self.lines {
            for prefix in Hostile.prefixes(of: line.bytes) { readAll(prefix) }
            for suffix in line.bytes.indices { readAll(Array(line.bytes[suffix...])) }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func everyDamageIsAValueOrNil(seed: UInt64) {
        for line in Self.lines { for damaged in Hostile.mutations(of: line.bytes, count: 300, seed: seed) { readAll(damaged) } }
    }

    @Test func nameEndsAreFoundOnlyBehindTheirBeginning() {
        readAll("Out of memory: Killed process 1 (".bytes)
        readAll(") total-vm:Killed process 1 (".bytes)
        readAll("Pid: 1, comm: ".bytes)
        readAll("CPU: 0 PID: 1 Comm:  Kdump: loaded Not tainted".bytes)
        readAll("Tasks in / are going to be killed".bytes)
    }
}
