import Testing

@testable import Kernel

/// The memory cgroup's lines, as each kernel prints them.
@Suite struct OOMReportMemcgTests {
    func path(_ text: String) -> CgroupPath { CgroupPath(text.bytes) }

    @Test func namesTheGroupWhoseLimitWasReached() {
        #expect(
            MemcgLine("Task in /a/b killed as a result of limit of /a".bytes) == .limit(task: path("/a/b"), limit: path("/a")))
        #expect(MemcgLine("Memory limit reached of cgroup /a".bytes) == .limit(task: nil, limit: path("/a")))
    }

    @Test func threePiecesOf3_15AreRead() {
        #expect(MemcgLine("Task in /a".bytes) == .limit(task: path("/a"), limit: nil))
        #expect(
            MemcgLine(limitBehindTask: " killed as a result of limit of /b".bytes) == .limit(task: nil, limit: path("/b")))
        #expect(MemcgLine(limitBehindTask: "".bytes) == nil)
    }

    @Test func aGroupWhoseNameHoldsTheWordsIsReadByItsParent() {
        let limit = "/x killed as a result of limit of /y"
        #expect(
            MemcgLine("Task in \(limit)/z killed as a result of limit of \(limit)".bytes)
                == .limit(task: path("\(limit)/z"), limit: path(limit)))
    }

    @Test(arguments: [
        ("memory: usage 102400kB, limit 102400kB, failcnt 756", MemcgLine.Counter.memory, 102400, 102400, 756),
        ("memory+swap: usage 206240kB, limit 1048576kB, failcnt 0", .memoryAndSwap, 206240, 1_048_576, 0),
        ("kmem: usage 2016kB, limit 4096kB, failcnt 5", .kernel, 2016, 4096, 5),
        ("swap: usage 0kB, limit 0kB, failcnt 0", .swap, 0, 0, 0),
    ])
    func readsACounter(line: String, counter: MemcgLine.Counter, usage: Int, limit: Int, failures: Int) {
        #expect(
            MemcgLine(line.bytes)
                == .counter(
                    counter, usage: Bytes(kibibytes: usage), limit: Bytes(kibibytes: limit), failures: failures))
    }

    /// `page_counter` with 4 and with 64 KiB pages, and `res_counter`.
    @Test(arguments: ["9007199254740988", "9007199254740928", "18014398509481983", "18446744073709551615"])
    func noLimitIsNil(limit: String) {
        #expect(
            MemcgLine("memory+swap: usage 8kB, limit \(limit)kB, failcnt 0".bytes)
                == .counter(.memoryAndSwap, usage: Bytes(8192), limit: nil, failures: 0))
    }

    @Test func aCutLimitIsNotNone() {
        #expect(MemcgLine("memory: usage 8kB, limit 9007199254".bytes) == nil)
        #expect(
            MemcgLine("memory: usage 8kB, limit 8kB".bytes)
                == .counter(.memory, usage: Bytes(8192), limit: Bytes(8192), failures: nil))
    }

    @Test func readsTheStatisticsUpTo5_2() {
        #expect(
            MemcgLine("Memory cgroup stats for /box: cache:32KB rss:524188KB inactive_anon:1KB".bytes)
                == .statistics(
                    of: path("/box"),
                    [
                        Amount(name: "cache", bytes: Bytes(kibibytes: 32)), Amount(name: "rss", bytes: Bytes(kibibytes: 524188)),
                        Amount(name: "inactive_anon", bytes: Bytes(kibibytes: 1)),
                    ]))
        #expect(
            MemcgLine("Memory cgroup stats: cache:4KB".bytes)
                == .statistics(of: nil, [Amount(name: "cache", bytes: Bytes(kibibytes: 4))]))
    }

    @Test func theStatisticsOf5_3AreLinesOfTheirOwn() {
        #expect(MemcgLine("Memory cgroup stats for /a: b:".bytes) == .statistics(of: path("/a: b"), []))
        #expect(MemcgLine("anon 57171968".bytes) == .statistic(name: "anon", value: 57_171_968))
        #expect(MemcgLine("pgfault 12".bytes) == .statistic(name: "pgfault", value: 12))
        #expect(MemcgLine("workingset_refault_anon 3".bytes) == .statistic(name: "workingset_refault_anon", value: 3))
    }

    /// cgroup v1 since 6.5.
    @Test func bothNumbersOfAGroupAreReadAndThatOfAllBelowItCounts() {
        #expect(MemcgLine("rss 16670720".bytes) == .statistic(name: "rss", value: 16_670_720))
        #expect(MemcgLine("total_rss 16670720".bytes) == .statistic(name: "total_rss", value: 16_670_720))
        #expect(["cache", "total_cache", "total_swap"].allSatisfy(MemcgLine.isByteStatistic))
        #expect(!["total_pgpgin", "hierarchical_memory_limit", "total_", "total"].contains(where: MemcgLine.isByteStatistic))
        var usage = MemcgUsage()
        usage.statistics = [Amount(name: "rss", bytes: Bytes(4096)), Amount(name: "total_rss", bytes: Bytes(8192))]
        #expect(usage["rss"] == Bytes(8192))
    }

    @Test func anUnknownStatisticIsReadWhereOneMustBe() {
        #expect(MemcgLine("novelty_v2 12".bytes) == nil)
        #expect(MemcgLine(statistic: "novelty_v2 12".bytes) == .statistic(name: "novelty_v2", value: 12))
        #expect(MemcgLine(statistic: "novelty 12 13".bytes) == nil)
        #expect(MemcgLine(statistic: "Novelty 12".bytes) == nil)
        #expect(MemcgLine("anonymous 12".bytes) == nil)
    }

    @Test func eventsAreNoBytes() {
        #expect(["anon", "slab", "sec_pagetables", "zswapped", "hugetlb"].allSatisfy(MemcgLine.isByteStatistic))
        #expect(
            !["workingset_refault_anon", "pgscan", "thp_fault_alloc", "zswpin", "numa_hint_faults", "novelty"].contains(
                where: MemcgLine.isByteStatistic))
    }
}

/// `Unreclaimable slab info:`, since 4.15.
@Suite struct OOMReportSlabTests {
    @Test func readsTheList() {
        #expect(SlabLine("Unreclaimable slab info:".bytes) == .title)
        #expect(SlabLine("Name                      Used          Total".bytes) == .columns)
        #expect(
            SlabLine("biovec-max             1280KB       1320KB".bytes)
                == .cache(name: "biovec-max", used: Bytes(kibibytes: 1280), total: Bytes(kibibytes: 1320)))
    }

    @Test func aLongNameMayHoldBlanks() {
        #expect(
            SlabLine("dm_bufio_buffer-(252:0) of mine         8KB         16KB ".bytes)
                == .cache(name: "dm_bufio_buffer-(252:0) of mine", used: Bytes(8192), total: Bytes(16384)))
    }

    @Test(arguments: ["8KB         16KB", "name 16KB", "name x8KB 16KB", "KB KB KB", "a 99999999999999999999KB 1KB"])
    func otherLinesAreNone(line: String) {
        #expect(SlabLine(line.bytes) == nil)
    }
}
