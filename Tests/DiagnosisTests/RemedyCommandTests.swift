import Diagnosis
import Kernel
import Testing

/// What a remedy's command does when it is pasted into a shell.
@Suite struct RemedyCommandTests {
    private static func remedies(_ report: OOMReport) -> [Remedy] { OOMDiagnosis(of: report).remedies }

    private static func counter(_ mebibytes: Int, failures: Int = 1, line number: Int) -> MemcgUsage.Counter {
        MemcgUsage.Counter(
            usage: Bytes(mebibytes: mebibytes), limit: Bytes(mebibytes: mebibytes), failures: failures,
            line: ReportScene.line(number, "usage \(mebibytes)"))
    }

    private static func group(_ path: String, v1 swapAndMemory: Int?) -> OOMReport {
        var report = ReportScene.report(release: "5.10.0")
        report.scope = .memcg
        report.limitCgroup = CgroupPath(path.utf8)
        report.victims = [ReportScene.victim(118, "eater")]
        report.tasks = ReportScene.table([ReportScene.task(118, "eater", resident: 900), ReportScene.task(9, "sh", resident: 3)])
        var memcg = MemcgUsage()
        memcg.memory = counter(16, line: 4)
        memcg.memoryAndSwap = swapAndMemory.map { counter($0, failures: 0, line: 5) }
        if swapAndMemory == nil { memcg.swap = counter(1, line: 5) }
        report.memcg = memcg
        return report
    }

    /// 16 MiB and a quarter are 20; memory may not be allowed more than memory and swap together.
    @Test func memoryAndSwapIsRaisedBeforeMemory() {
        let folder = "/sys/fs/cgroup/memory/box"
        #expect(
            Self.remedies(Self.group("/box", v1: 16)).first?.command
                == "echo 20M > \(folder)/memory.memsw.limit_in_bytes && echo 20M > \(folder)/memory.limit_in_bytes")
        #expect(Self.remedies(Self.group("/box", v1: 18)).first?.command?.hasPrefix("echo 22M > ") == true)
        #expect(Self.remedies(Self.group("/box", v1: 20)).first?.command == "echo 20M > \(folder)/memory.limit_in_bytes")
    }

    /// 118 is dead: its files in /proc are gone.
    @Test func theGroupsLivingProcessesAreLookedAt() throws {
        let look = try #require(Self.remedies(Self.group("/box", v1: nil)).first { $0.title.contains("what runs in the group") })
        #expect(
            look.command
                == "for p in $(find /sys/fs/cgroup/box -name cgroup.procs -exec cat {} +); do grep -hE 'Name|VmRSS|VmSwap' /proc/$p/status; done"
        )
        var report = Self.group("/box", v1: nil)
        report.limitCgroup = nil
        let other = try #require(Self.remedies(report).first { $0.title.contains("what runs in the group") })
        #expect(other.command == "grep -E 'Name|VmRSS|VmSwap' /proc/9/status")
    }

    @Test func dockersUpdateSaysThatTheSwapIsGone() throws {
        let path = "/docker/\(String(repeating: "5d2f0d5b1c7a4e61", count: 4))"
        let update = try #require(Self.remedies(Self.group(path, v1: nil)).first { $0.command?.hasPrefix("docker") == true })
        #expect(update.risk.contains("no swap"))
    }

    @Test func aLimitNeverReachedIsNotCounted() {
        var report = Self.group("/box", v1: nil)
        report.memcg?.memory = Self.counter(16, failures: 0, line: 4)
        #expect(Self.remedies(report).first?.why.contains("was reached") == false)
        #expect(!OOMDiagnosis(of: report).evidence.contains { $0.claim.contains("reached") })
    }

    /// A process's name is no pattern, and no option.
    @Test func aNameIsMatchedAsItStands() throws {
        var report = ReportScene.dryMachine(anonymous: 90_000)
        report.victims = [ReportScene.victim(7, "-x (sd).*")]
        let protect = try #require(Self.remedies(report).first { $0.title == "protect one process" })
        #expect(
            protect.command
                == #"for p in $(pgrep -x -- '-x \(sd\)\.\*'); do echo -1000 > /proc/$p/oom_score_adj; done"#)
    }

    @Test func noNameIsMadeUp() throws {
        let protect = try #require(Self.remedies(ZoneExhaustedTests.article).first { $0.title == "protect one process" })
        #expect(protect.command == "for p in $(pgrep -x -- NAME); do echo -17 > /proc/$p/oom_adj; done")
        #expect(protect.why.contains("since 2.6.36 that is -1000 in oom_score_adj"))
    }

    /// 224 MiB of 400 are on it: more than a quarter, and more than half, which is the default.
    @Test func aTmpfsIsNotMadeSmallerThanWhatIsOnIt() throws {
        func limit(_ pages: Int) throws -> String {
            let report = ReportScene.dryMachine(anonymous: 15_000, shmem: pages)
            return try #require(Self.remedies(report).first { $0.title == "limit the tmpfs" }?.command)
        }
        #expect(try limit(57_344) == "findmnt -t tmpfs -o TARGET,SIZE,USED")
        #expect(try limit(46_080).hasSuffix("; mount -o remount,size=180M /dev/shm"))
    }

    @Test func swapGoesIntoANewFile() {
        let commands = Self.remedies(ReportScene.dryMachine(anonymous: 90_000)).compactMap(\.command)
        #expect(commands.contains { $0.hasPrefix("f=$(mktemp /swapfile.XXXXXX) && fallocate -l ") })
    }

    /// Of 102,400 pages 2,000 + 500 are slab, 100 page tables, and 8,918 in no counter: 11.3 %.
    @Test func strictOvercommitHasItsRatio() throws {
        let strict = try #require(
            Self.remedies(ReportScene.dryMachine(anonymous: 90_000)).first { $0.command?.contains("overcommit_memory=2") == true }
        )
        #expect(strict.command == "sysctl -w vm.overcommit_ratio=88 && sysctl -w vm.overcommit_memory=2")
    }

    /// 1 allows everything, and is no mask.
    @Test func sysRqKeepsWhatElseIsAllowed() throws {
        var report = ReportScene.report()
        report.request = ReportScene.request(.kernel, order: -1)
        let deny = try #require(Self.remedies(report).last?.command)
        #expect(deny == #"v=$(sysctl -n kernel.sysrq); [ "$v" = 1 ] && v=510; sysctl -w kernel.sysrq=$((v & ~64))"#)
        #expect(510 & ~64 == 446)
    }

    @Test func everyBootIsSearched() {
        let whole = Self.remedies(ReportScene.report(.killWithoutReport)).first
        #expect(whole?.command == "journalctl -k -b all | oomwarden analyze -")
    }

    /// Since 4.16 the array has HighMem's own divisor, and Movable's behind it.
    @Test func highMemsOwnDivisorIsZero() throws {
        var report = ZoneExhaustedTests.article
        report.release = "4.19.0"
        report.zones.append(ReportScene.zone("Movable", free: 0, min: 0, high: 0, size: 0, reserve: [0, 0, 0, 0, 0], line: 9))
        for index in report.zones.indices { report.zones[index].protection.append(report.zones[index].protection.last ?? .zero) }
        let ratio = try #require(Self.remedies(report).compactMap(\.command).first { $0.contains("lowmem_reserve_ratio") })
        #expect(ratio.hasSuffix(" 0\""), "\(ratio)")
    }

    @Test func proseIsNoCommand() {
        let panicked = "Kernel panic - not syncing: System is deadlocked on memory"
        var report = ReportScene.dryMachine(anonymous: 20)
        report.kind = .noKill
        report.refusal = .panic
        report.victims = []
        report.quotes.remark = ReportScene.line(50, panicked)
        report.tasks = ReportScene.table([])
        let remedies = Self.remedies(report)
        #expect(remedies.contains { $0.why.contains("crashkernel=") })
        #expect(!remedies.contains { $0.command?.contains("command line") == true })
    }
}
