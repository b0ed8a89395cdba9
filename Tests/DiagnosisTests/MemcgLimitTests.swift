import Diagnosis
import Kernel
import Testing

@Suite struct MemcgLimitTests {
    private static func counter(_ usage: Int, _ limit: Int?, _ failures: Int, line number: Int, _ name: String)
        -> MemcgUsage.Counter
    {
        MemcgUsage.Counter(
            usage: Bytes(kibibytes: usage), limit: limit.map { Bytes(kibibytes: $0) }, failures: failures,
            line: ReportScene.line(
                number, "\(name): usage \(usage)kB, limit \(limit ?? 9_007_199_254_740_988)kB, failcnt \(failures)"))
    }

    private static func report(_ memcg: MemcgUsage?) -> OOMReport {
        var report = ReportScene.report(release: "6.1.0-56-amd64")
        report.scope = .memcg
        report.memcg = memcg
        report.limitCgroup = CgroupPath("/box".utf8)
        report.victimCgroup = CgroupPath("/box/a".utf8)
        report.victims = [ReportScene.victim(111, "eater")]
        return report
    }

    /// memcg-v2 of 64 MiB: usage 65536kB, limit 65536kB.
    private static var v2: MemcgUsage {
        var memcg = MemcgUsage()
        memcg.memory = counter(65_536, 65_536, 36, line: 4, "memory")
        memcg.swap = counter(0, nil, 0, line: 5, "swap")
        memcg.statistics = [
            Amount(name: "anon", bytes: Bytes(kibibytes: 60_000)), Amount(name: "file", bytes: Bytes(kibibytes: 4000)),
            Amount(name: "shmem", bytes: Bytes(kibibytes: 1000)),
        ]
        return memcg
    }

    @Test func aCounterAtItsLimitIsProof() {
        let diagnosis = OOMDiagnosis(of: Self.report(Self.v2))
        #expect(diagnosis.cause == .memcgLimit)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.deniedBy?.test == .cgroupLimit)
        #expect(diagnosis.deniedBy?.limitName == "memory")
        #expect(diagnosis.deniedBy?.cgroup == CgroupPath("/box".utf8))
        #expect(diagnosis.evidence.contains { $0.line == 4 && $0.quote == "memory: usage 65536kB, limit 65536kB, failcnt 36" })
        #expect(diagnosis.summary.hasPrefix("eater (111) was killed because cgroup /box, which is above the victim's,"))
    }

    /// 60,000 anonymous, 3,000 page cache (file less shmem), 1,000 shmem, and 1,536 of 65,536 in no kind.
    @Test func theGroupsOwnStatisticsTellWhatFilledIt() {
        let filled = OOMDiagnosis(of: Self.report(Self.v2)).filledBy
        #expect(filled.map(\.what) == ["anonymous", "page_cache", "unaccounted", "shmem"])
        #expect(filled.map(\.bytes.kibibytes) == [60_000, 3000, 1536, 1000])
        #expect(filled[0].thousandths == 915)
    }

    /// A quarter more than 64 MiB.
    @Test func theNewLimitIsComputed() throws {
        let remedy = try #require(OOMDiagnosis(of: Self.report(Self.v2)).remedies.first)
        #expect(remedy.command == "echo 80M > /sys/fs/cgroup/box/memory.max")
    }

    @Test func aUnitIsGivenItsLimitBySystemd() throws {
        var report = Self.report(Self.v2)
        report.limitCgroup = CgroupPath("/system.slice/mysql.service".utf8)
        #expect(OOMDiagnosis(of: report).remedies.first?.command == "systemctl set-property mysql.service MemoryMax=80M")
    }

    @Test func aPathIsQuotedForTheShell() throws {
        var report = Self.report(Self.v2)
        report.limitCgroup = CgroupPath("/a b'; reboot".utf8)
        #expect(OOMDiagnosis(of: report).remedies.first?.command == "echo 80M > '/sys/fs/cgroup/a b'\\''; reboot/memory.max'")
    }

    /// Memory is at its limit but never failed; memory+swap did.
    @Test func theLimitThatFailedIsTheOneWithFailures() {
        var memcg = MemcgUsage()
        memcg.memory = Self.counter(102_400, 102_400, 0, line: 4, "memory")
        memcg.memoryAndSwap = Self.counter(204_800, 204_800, 756, line: 5, "memory+swap")
        memcg.kernel = Self.counter(100, nil, 0, line: 6, "kmem")
        let diagnosis = OOMDiagnosis(of: Self.report(memcg))
        #expect(diagnosis.deniedBy?.limitName == "memory+swap")
        #expect(diagnosis.remedies.first?.command == "echo 250M > /sys/fs/cgroup/memory/box/memory.memsw.limit_in_bytes")
    }

    @Test func usedSwapOfTheGroupIsTold() {
        var memcg = Self.v2
        memcg.swap = Self.counter(32_768, 32_768, 9, line: 5, "swap")
        let diagnosis = OOMDiagnosis(of: Self.report(memcg))
        #expect(diagnosis.summary.contains("and all of the 32 MiB of swap that it may use"))
        #expect(diagnosis.evidence.contains { $0.line == 5 })
    }

    /// Of before 3.10 a cgroup's report has the whole machine's Mem-Info, which has nothing to do with it.
    @Test func theMachinesZonesAreNotTheCause() {
        var report = ReportScene.dryMachine(anonymous: 80_000)
        report.scope = .memcg
        report.memcg = Self.v2
        #expect(OOMDiagnosis(of: report).cause == .memcgLimit)
    }

    /// A kill line alone: the kernel's own words name the kind, and no counter the limit.
    @Test func theWordsOfAKillLineAreEnough() {
        var report = ReportScene.report(.killWithoutReport)
        report.scope = .memcg
        report.victims = [ReportScene.victim(7, "x")]
        report.quotes.kill = ReportScene.line(9, "Memory cgroup out of memory: Killed process 7 (x) total-vm:1kB")
        let diagnosis = OOMDiagnosis(of: report)
        #expect(diagnosis.cause == .memcgLimit)
        #expect(diagnosis.confidence == .certain)
        #expect(diagnosis.evidence.first?.line == 9)
        #expect(diagnosis.deniedBy?.limitName == nil)
    }

    @Test func aScopeThatNothingProvesIsOnlyLikely() {
        var report = Self.report(nil)
        report.limitCgroup = nil
        #expect(OOMDiagnosis(of: report).confidence == .likely)
    }

    /// Its path is longer than a line of the terminal.
    @Test func aContainerIsNamedByItsId() {
        var report = Self.report(Self.v2)
        let id = String(repeating: "5d2f0d5b1c7a4e61", count: 4)
        report.limitCgroup = CgroupPath("/kubepods/burstable/pod0a3f1c2d-9b36-11ea-b3df-246e9693c184/\(id)".utf8)
        report.victimCgroup = report.limitCgroup
        #expect(
            OOMDiagnosis(of: report).summary.hasPrefix(
                "eater (111) was killed because container 5d2f0d5b1c7a of pod 0a3f1c2d-9b36-11ea-b3df-246e9693c184 had used "))
    }

    /// Nobody was compared with it.
    @Test func theOnlyProcessIsNotTheBiggest() {
        var report = Self.report(Self.v2)
        report.tasks = ReportScene.table([ReportScene.task(111, "eater", resident: 900)])
        #expect(!OOMDiagnosis(of: report).summary.contains("biggest"))
    }

    @Test func aPodsLimitIsRaisedInItsPod() {
        var report = Self.report(Self.v2)
        report.limitCgroup = CgroupPath("/kubepods/burstable/pod0a3f1c2d-9b36-11ea-b3df-246e9693c184".utf8)
        #expect(OOMDiagnosis(of: report).remedies.contains { $0.title.contains("resources.limits.memory") })
    }
}
