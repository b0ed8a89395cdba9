import Diagnosis
import Kernel
import Support
import Testing

@Suite struct BadnessTests {
    private static let modern = KernelVersion(6, 1)

    private static func formula(_ kernel: KernelVersion, total: Int = 100_000, swap: Int = 0) throws -> BadnessFormula {
        let formula = BadnessFormula(
            memory: Bytes(Pages(total), of: .fourKiB), swap: Bytes(Pages(swap), of: .fourKiB), pageSize: .fourKiB, kernel: kernel)
        return try #require(formula)
    }

    private static func process(_ pid: Int = 7, pages: Int?, capabilities: String = "0000000000000000") throws -> ProcessStatus {
        let memory = pages.map { "VmRSS:\t\($0 * 4) kB\nVmPTE:\t0 kB\nVmSwap:\t0 kB\n" } ?? ""
        return try ProcessStatus(
            parsing: Array(
                "Name:\tx\nState:\tS\nTgid:\t\(pid)\nPid:\t\(pid)\nPPid:\t1\nUid:\t0\n\(memory)Threads:\t1\nCapEff:\t\(capabilities)\n"
                    .utf8))
    }

    private static func adjusted(_ value: Int) throws -> OOMScoreAdjustment { try #require(OOMScoreAdjustment(value)) }

    /// MemTotal 339,380 kB without swap is 84,845 pages; `big` has 217,740 + 464 kB, 54,551 pages.
    @Test func sumsResidentSwappedAndPageTables() throws {
        let fixture = Fixture("6.1-amd64-global-order0")
        let formula = try #require(
            BadnessFormula(memory: Bytes(kibibytes: 339_380), swap: .zero, pageSize: .fourKiB, kernel: Self.modern))
        let big = try ProcessStatus(parsing: fixture.bytes("proc/111/status"))
        let badness = formula.badness(of: big, adjustment: .neutral)
        #expect(badness == Badness(Pages(54_551)))
        // (1000 + 54,551,000 / 84,845) * 2 / 3 = (1000 + 642) * 2 / 3
        #expect(formula.oomScore(of: badness) == 1094)
    }

    /// The kernel's own files beside it are the truth.
    @Test(arguments: [
        ("6.1-amd64-global-order0", KernelVersion(6, 1), 339_380), ("6.1-amd64-protected-biggest", KernelVersion(6, 1), 339_380),
        ("6.1-amd64-comms", KernelVersion(6, 1), 339_380), ("5.10-amd64-memcg-v1", KernelVersion(5, 10), 343_324),
    ])
    func agreesWithEveryCapturedScore(name: String, kernel: KernelVersion, kibibytes: Int) throws {
        let fixture = Fixture(name)
        let formula = try #require(
            BadnessFormula(memory: Bytes(kibibytes: kibibytes), swap: .zero, pageSize: .fourKiB, kernel: kernel))
        var compared = 0
        for id in 1...200 where fixture.has("proc/\(id)/oom_score") {
            let status = try ProcessStatus(parsing: fixture.bytes("proc/\(id)/status"))
            let adjustment = try OOMScoreAdjustment(parsing: fixture.bytes("proc/\(id)/oom_score_adj"))
            let score = formula.oomScore(of: formula.badness(of: status, adjustment: adjustment))
            #expect(try fixture.text("proc/\(id)/oom_score") == "\(score)\n", "pid \(id) of \(name)")
            compared += 1
        }
        #expect(compared >= 3)
    }

    /// 6.1-amd64-protected-biggest: `protected` has 48,915 pages and is exempt, `second` died with 15,587, `third` had 11,237.
    @Test func theBiggestThatIsNotExemptIsTheWorst() throws {
        let fixture = Fixture("6.1-amd64-protected-biggest")
        let formula = try #require(
            BadnessFormula(memory: Bytes(kibibytes: 339_380), swap: .zero, pageSize: .fourKiB, kernel: Self.modern))
        var badness: [Int: Badness] = [:]
        for id in [101, 102, 124] {
            badness[id] = formula.badness(
                of: try ProcessStatus(parsing: fixture.bytes("proc/\(id)/status")),
                adjustment: try OOMScoreAdjustment(parsing: fixture.bytes("proc/\(id)/oom_score_adj")))
        }
        #expect(badness == [101: Badness(Pages(15_587)), 124: Badness(Pages(11_237))])
    }

    @Test func theTotalIsDividedBeforeItIsMultiplied() throws {
        // 1,999 / 1000 = 1, times 500
        #expect(
            try Self.formula(Self.modern, total: 1999).badness(of: Self.process(pages: 10), adjustment: Self.adjusted(500))
                == Badness(Pages(510)))
        #expect(
            try Self.formula(Self.modern, total: 999).badness(of: Self.process(pages: 10), adjustment: Self.adjusted(1000))
                == Badness(Pages(10)))
    }

    @Test func swapCountsInTheTotal() throws {
        #expect(
            try Self.formula(Self.modern, total: 1500, swap: 1500).badness(
                of: Self.process(pages: 0), adjustment: Self.adjusted(100))
                == Badness(Pages(300)))
    }

    @Test func initKernelThreadsAndTheExemptAreNeverChosen() throws {
        let formula = try Self.formula(Self.modern)
        #expect(formula.badness(of: try Self.process(1, pages: 9), adjustment: .neutral) == nil)
        #expect(formula.badness(of: try Self.process(pages: nil), adjustment: .neutral) == nil)
        #expect(formula.badness(of: try Self.process(pages: 9), adjustment: .exempt) == nil)
        #expect(formula.oomScore(of: nil) == 0)
    }

    @Test func minus999MayStillBeKilled() throws {
        let badness = try Self.formula(Self.modern).badness(of: Self.process(pages: 50), adjustment: Self.adjusted(-999))
        #expect(badness == Badness(Pages(50 - 99_900)))
    }

    /// Towards zero, as C divides: -99,850,000 / 100,000 = -998; (1000 - 998) * 2 / 3 = 1.
    @Test func scoresOfNegativeBadnessAreTruncated() throws {
        #expect(try Self.formula(Self.modern).oomScore(of: Badness(Pages(-99_850))) == 1)
    }

    @Test func anIdleProcessScores666Since59And0Before() throws {
        #expect(try Self.formula(KernelVersion(5, 9)).oomScore(of: Badness(Pages(1))) == 666)
        #expect(try Self.formula(KernelVersion(5, 8, 18)).oomScore(of: Badness(Pages(1))) == 0)
    }

    @Test func oneIsTheLeastBefore59() throws {
        #expect(
            try Self.formula(KernelVersion(5, 8)).badness(of: Self.process(pages: 50), adjustment: Self.adjusted(-999))
                == Badness(Pages(1)))
    }

    @Test func rootHadABonusUpTo416() throws {
        let root = try Self.process(pages: 1000, capabilities: "000001ffffffffff")
        #expect(try Self.formula(KernelVersion(4, 17)).badness(of: root, adjustment: .neutral) == Badness(Pages(1000)))
        #expect(try Self.formula(KernelVersion(4, 16)).badness(of: root, adjustment: .neutral) == Badness(Pages(970)))
        // 30 thousandths of 100,000 pages are more than it has
        #expect(try Self.formula(KernelVersion(3, 10)).badness(of: root, adjustment: .neutral) == Badness(Pages(1)))
    }

    @Test func olderKernelsAreNotGuessedAt() {
        #expect(
            BadnessFormula(memory: Bytes(Pages(1), of: .fourKiB), swap: .zero, pageSize: .fourKiB, kernel: KernelVersion(3, 5))
                == nil)
    }

    @Test func ofEqualsTheLaterDiesSince53() throws {
        #expect(try Self.formula(KernelVersion(5, 3)).laterDiesOfEquals)
        #expect(try !Self.formula(KernelVersion(5, 2, 21)).laterDiesOfEquals)
    }

    @Test func impossibleNumbersDoNotTrap() throws {
        let formula = try #require(
            BadnessFormula(memory: Bytes(Int.max), swap: Bytes(Int.max), pageSize: PageSize(bytes: 1), kernel: Self.modern))
        let badness = formula.badness(of: try Self.process(pages: 1 << 60), adjustment: try Self.adjusted(1000))
        #expect(formula.oomScore(of: badness) > 1333)
        let empty = try #require(BadnessFormula(memory: .zero, swap: .zero, pageSize: .fourKiB, kernel: Self.modern))
        #expect(empty.oomScore(of: Badness(Pages(5))) == 0)
    }
}
