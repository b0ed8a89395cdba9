import Diagnosis
import Host
import Kernel
import Monitor
import Support
import Testing

@Suite struct BudgetKeeperTests {
    private static let fixture = Fixture("6.1-amd64-protected-biggest")

    /// MemTotal of the capture: 339380 kB.
    private func keeper(_ percent: Int, root: String = fixture.root) throws -> BudgetKeeper {
        BudgetKeeper(table: ProcessTable(root: root), share: try #require(ProtectionBudget.Percent(percent))) {
            Bytes(kibibytes: 339_380)
        }
    }

    private static func candidate(
        _ process: Int32, _ wanted: OOMScoreAdjustment, inherits: Bool = false, isForced: Bool = false
    ) -> ProtectedCandidate {
        ProtectedCandidate(
            process: ProcessID(process), startTime: ClockTicks(0), wanted: wanted, inherits: inherits, isForced: isForced)
    }

    /// RssAnon + VmSwap + VmPTE of seven processes at -1000: 108 + 194920 + 32 + 32 + 36 + 32 + 2604 kB, and 61608 of pid 101.
    @Test func whatWouldBeTooMuchIsRefusedWithWhoHoldsIt() throws {
        let keeper = try keeper(60)
        let second = try #require(OOMScoreAdjustment(-500))
        let excess = #expect(throws: ProtectionError.self) {
            try keeper.check(Self.candidate(101, second, isForced: true))
        }
        guard case .overBudget(let budget, let held) = excess else {
            return #expect(Bool(false), "\(String(describing: excess))")
        }
        #expect(held.sum == Bytes(kibibytes: 197_764 + 61_608))
        #expect(held.holders.prefix(2).map(\.process) == [ProcessID(102), ProcessID(101)])
        #expect(held.holders.count == 8)
        #expect(budget.limit < held.sum)
        #expect(held.words == #""protected" (102) 190 MiB, "second" (101) 60.1 MiB, "rec" (95) 2604 KiB and 5 more"#)
    }

    @Test func whatFitsIsAllowed() throws {
        // 80 % are 271504 kB.
        try keeper(80).check(Self.candidate(101, .exempt, isForced: false))
    }

    /// 99 is at -1000 itself; 101 is its child, and 60 % are 203628 kB.
    @Test func whatIsBelowAnInheritingOneCountsWithIt() throws {
        let keeper = try keeper(60)
        try keeper.check(Self.candidate(99, .exempt))
        let excess = #expect(throws: ProtectionError.self) {
            try keeper.check(Self.candidate(99, .exempt, inherits: true))
        }
        guard case .overBudget(_, let held) = excess else {
            return #expect(Bool(false), "\(String(describing: excess))")
        }
        #expect(held.sum == Bytes(kibibytes: 197_764 + 61_608))
    }

    @Test func aWeakProtectionIsNotCounted() throws {
        try keeper(1).check(Self.candidate(101, try #require(OOMScoreAdjustment(-499)), isForced: false))
    }

    @Test func whoIsProtectedAlreadyAddsNothing() throws {
        try keeper(1).check(Self.candidate(102, try #require(OOMScoreAdjustment(-900)), isForced: false))
    }

    @Test func theLastThatCanBeKilledIsKept() throws {
        let root = try TemporaryDirectory()
        for file in ["status", "stat", "oom_score_adj"] {
            for process in [1, 101, 102] {
                try root.write(Self.fixture.bytes("proc/\(process)/\(file)"), to: "proc/\(process)/\(file)")
            }
        }
        let keeper = try keeper(100, root: root.path)
        #expect(throws: ProtectionError.noVictimLeft(ProcessID(101))) {
            try keeper.check(Self.candidate(101, .exempt, isForced: false))
        }
        try keeper.check(Self.candidate(101, .exempt, isForced: true))
    }

    /// Forked processes have their pages in common until they write to them.
    @Test func pagesInCommonCountOnce() throws {
        // The children end with their parent.
        let script = """
            $text = "x" x (64 << 20); $parent = $$;
            for (1..3) { if (!fork) { $0 = "forked"; sleep 1 while getppid == $parent; exit } }
            sleep 600
            """
        let eater = try Child(["perl", "-e", script])
        defer { eater.end() }
        func forks() throws -> Int {
            try ProcessTable().readAll().processes.filter {
                $0.status.parent == eater.id && $0.status.commandName == CommandName("forked".utf8)
            }.count
        }
        try waitUntil { try forks() == 3 }
        let all = try ProcessTable().readAll().processes.filter { $0.status.process == eater.id || $0.status.parent == eater.id }
        #expect(all.count == 4)
        let reader = ProtectedMemoryReader(table: ProcessTable())
        let each = try reader.read(all, isExact: false).sum
        let once = try reader.read(all, isExact: true).sum
        #expect(each > Bytes(mebibytes: 4 * 64))
        #expect(once > Bytes(mebibytes: 64) && once.count * 3 < each.count)
    }

    @Test(arguments: [0, 101, -1]) func aShareIsAPartOfAHundred(value: Int) {
        #expect(ProtectionBudget.Percent(value) == nil)
    }
}
