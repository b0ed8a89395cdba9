import Diagnosis
import Foundation
import Host
import Kernel
import Monitor
import Support
import Testing

@Suite struct ProtectionKeeperTests {
    private static let kernel = RunningKernel(version: KernelVersion(6, 1), bootID: "boot")

    private static func adjustment(_ value: Int) throws -> OOMScoreAdjustment { try #require(OOMScoreAdjustment(value)) }

    private static func live() throws -> ProtectionKeeper {
        ProtectionKeeper(table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read())
    }

    /// Pids that no machine gives, so that the kernel is never asked about a real process in place of the one in the fake tree.
    private static let big = 2_000_000_007
    private static let other = 2_000_000_008

    private static func fake(_ root: TemporaryRoot, _ kernel: RunningKernel = kernel) -> ProtectionKeeper {
        ProtectionKeeper(table: ProcessTable(root: root.path), cgroups: MemoryCgroups(root: root.path), kernel: kernel)
    }

    private static func request(_ process: Int) -> ProtectionKeeper.Request {
        ProtectionKeeper.Request(process: ProcessID(Int32(process)))
    }

    private static func request(_ child: Child) -> ProtectionKeeper.Request { request(Int(child.id.rawValue)) }

    private static func text(_ child: Child) throws -> String {
        try String(contentsOfFile: "/proc/\(child.id)/oom_score_adj", encoding: .utf8)
    }

    @Test func raisesALiveChildAndTakesItBack() throws {
        let child = try Child.sleeping()
        let keeper = try Self.live()
        let original = try Self.text(child)
        let outcome = try keeper.protect(Self.request(child), adjustment: Self.adjustment(900))
        #expect(outcome.process == child.id)
        #expect(outcome.commandName == "sleep")
        #expect("\(outcome.before.adjustment)\n" == original)
        #expect(outcome.after.adjustment.rawValue == 900)
        #expect(try #require(outcome.after.score) > #require(outcome.before.score))
        #expect(outcome.changed && !outcome.isDryRun && outcome.isCertain)
        #expect(outcome.alsoChanged.isEmpty)
        #expect(try Self.text(child) == "900\n")
        let restored = try keeper.unprotect(Self.request(child))
        #expect("\(restored.after.adjustment)\n" == original)
        #expect(try Self.text(child) == original)
    }

    @Test func whatWasThereBeforeTheFirstTimeIsRestored() throws {
        let child = try Child.sleeping()
        let keeper = try Self.live()
        let original = try Self.text(child)
        _ = try keeper.protect(Self.request(child), adjustment: Self.adjustment(800))
        _ = try keeper.protect(Self.request(child), adjustment: Self.adjustment(900))
        _ = try keeper.unprotect(Self.request(child))
        #expect(try Self.text(child) == original)
        #expect(throws: ProtectionError.nothingToRestore(child.id)) { try keeper.unprotect(Self.request(child)) }
    }

    @Test func thereIsNothingToRestoreWhereNothingWasChanged() throws {
        let child = try Child.sleeping()
        let keeper = try Self.live()
        #expect(throws: ProtectionError.nothingToRestore(child.id)) { try keeper.unprotect(Self.request(child)) }
        let same = try OOMScoreAdjustment(parsing: Array(Self.text(child).utf8))
        #expect(try !keeper.protect(Self.request(child), adjustment: same).changed)
        #expect(try !keeper.unprotect(Self.request(child)).changed)
        #expect(throws: ProtectionError.nothingToRestore(child.id)) { try keeper.unprotect(Self.request(child)) }
    }

    @Test func aDryRunChangesAndRemembersNothing() throws {
        let child = try Child.sleeping()
        let keeper = try Self.live()
        let original = try Self.text(child)
        var request = Self.request(child)
        request.isDryRun = true
        let outcome = try keeper.protect(request, adjustment: Self.adjustment(900))
        #expect(outcome.isDryRun && outcome.changed && outcome.isCertain)
        #expect(outcome.after == ProtectionOutcome.Standing(adjustment: try Self.adjustment(900), score: nil))
        #expect(try Self.text(child) == original)
        #expect(throws: ProtectionError.nothingToRestore(child.id)) { try keeper.unprotect(request) }
    }

    @Test func aDryRunSaysWhetherTheKernelMayRefuse() throws {
        let child = try Child.sleeping()
        var request = Self.request(child)
        request.isDryRun = true
        let maySet = try Capabilities.readOwn().effective.contains(.sysResource)
        #expect(try Self.live().protect(request, adjustment: Self.adjustment(-999)).isCertain == maySet)
    }

    @Test func aRefusalOfTheKernelLeavesAllAsItWas() throws {
        guard try !Capabilities.readOwn().effective.contains(.sysResource) else {
            print("skipped: this process holds CAP_SYS_RESOURCE, so that nothing is refused")
            return
        }
        let child = try Child.sleeping()
        let keeper = try Self.live()
        let original = try Self.text(child)
        let refusal = ProcessError.Refusal(process: child.id, step: .write, errno: EACCES)
        #expect(throws: ProtectionError.process(.refused(refusal))) {
            try keeper.protect(Self.request(child), adjustment: Self.adjustment(-999))
        }
        #expect(try Self.text(child) == original)
        #expect(throws: ProtectionError.nothingToRestore(child.id)) { try keeper.unprotect(Self.request(child)) }
    }

    @Test func theProcessMustBeTheOneThatWasMeant() throws {
        let root = try TemporaryRoot()
        try root.addProcess(Self.big)
        var request = Self.request(Self.big)
        let identity = ProcessIdentity(
            bootID: "boot", process: ProcessID(Int32(Self.big)), startTime: ClockTicks(1000 + Self.big))
        request.accepts = { $0.description == "boot-2000000007-1" }
        #expect(throws: ProtectionError.process(.otherProcess(identity))) { try Self.fake(root).protect(request) }
        request.accepts = { $0 == identity }
        #expect(try Self.fake(root).protect(request).changed)
    }

    @Test func whatCannotBeProtectedIsSaidBeforeAnythingElse() throws {
        let root = try TemporaryRoot()
        try root.addProcess(1)
        try root.addProcess(Self.big, state: "Z (zombie)", memory: nil)
        try root.addProcess(Self.other, memory: nil)
        try root.writeStat(Self.other, flags: 0x20_0000, start: 1)
        let keeper = Self.fake(root)
        func error(_ process: Int) -> ProtectionError? {
            var request = Self.request(process)
            request.accepts = { _ in false }
            do { _ = try keeper.protect(request) } catch { return error }
            return nil
        }
        #expect(error(1) == .process(.initProcess))
        #expect(error(Self.big) == .process(.zombie(ProcessID(Int32(Self.big)))))
        #expect(error(Self.other) == .process(.kernelThread(ProcessID(Int32(Self.other)))))
        #expect(error(5) == .process(.noSuchProcess(ProcessID(5))))
    }

    @Test func anotherProcessOfTheSameNumberHasNothingToRestore() throws {
        let root = try TemporaryRoot()
        try root.addProcess(Self.big)
        let keeper = Self.fake(root)
        _ = try keeper.protect(Self.request(Self.big), adjustment: Self.adjustment(300))
        try root.writeStat(Self.big, start: 77)
        #expect(throws: ProtectionError.nothingToRestore(ProcessID(Int32(Self.big)))) {
            try keeper.unprotect(Self.request(Self.big))
        }
    }

    @Test func theOnlyVictimOfALimitedGroupStaysOne() throws {
        let root = try TemporaryRoot()
        try root.write("67108864\n", to: "sys/fs/cgroup/box/memory.max")
        try root.addProcess(Self.big)
        try root.write("0::/box/inner\n", to: "proc/\(Self.big)/cgroup")
        try root.addProcess(Self.other)
        try root.write("0::/boxer\n", to: "proc/\(Self.other)/cgroup")
        let keeper = Self.fake(root)
        let refusal = ProtectionError.noOtherVictim(ProcessID(Int32(Self.big)), group: CgroupPath("/box".utf8))
        #expect(throws: refusal) { try keeper.protect(Self.request(Self.big)) }
        #expect(try root.text("proc/\(Self.big)/oom_score_adj") == "0\n")

        var request = Self.request(Self.big)
        request.isDryRun = true
        #expect(throws: refusal) { try keeper.protect(request) }
        request.isForced = true
        #expect(try keeper.protect(request).after.adjustment == .exempt)
        // Any other value leaves it a victim.
        #expect(try keeper.protect(Self.request(Self.big), adjustment: Self.adjustment(-99)).changed)
    }

    @Test func anotherVictimBelowTheLimitIsEnough() throws {
        let root = try TemporaryRoot()
        try root.write("67108864\n", to: "sys/fs/cgroup/box/memory.max")
        try root.addProcess(Self.big)
        try root.write("0::/box\n", to: "proc/\(Self.big)/cgroup")
        try root.addProcess(Self.other)
        try root.write("0::/box/b\n", to: "proc/\(Self.other)/cgroup")
        #expect(try Self.fake(root).protect(Self.request(Self.big)).changed)
    }

    @Test func anExemptNeighbourIsNoVictim() throws {
        let root = try TemporaryRoot()
        try root.write("67108864\n", to: "sys/fs/cgroup/memory/box/memory.limit_in_bytes")
        try root.addProcess(Self.big)
        try root.addProcess(Self.other, adjustment: -1000)
        for process in [Self.big, Self.other] { try root.write("4:memory:/box\n", to: "proc/\(process)/cgroup") }
        #expect(throws: ProtectionError.self) { try Self.fake(root).protect(Self.request(Self.big)) }
    }

    /// One file with two names stands for one memory with two processes.
    @Test func processesThatChangeAlongAreNamed() throws {
        let root = try TemporaryRoot()
        try root.addProcess(Self.big)
        try root.addProcess(Self.other, adjustment: nil)
        try FileManager.default.linkItem(
            atPath: "\(root.path)/proc/\(Self.big)/oom_score_adj", toPath: "\(root.path)/proc/\(Self.other)/oom_score_adj")
        let outcome = try Self.fake(root).protect(Self.request(Self.big), adjustment: Self.adjustment(300))
        #expect(outcome.alsoChanged == [ProcessID(Int32(Self.other))])
    }

    @Test func before48NobodyChangesAlong() throws {
        let root = try TemporaryRoot()
        try root.addProcess(Self.big)
        try root.addProcess(Self.other, adjustment: nil)
        try FileManager.default.linkItem(
            atPath: "\(root.path)/proc/\(Self.big)/oom_score_adj", toPath: "\(root.path)/proc/\(Self.other)/oom_score_adj")
        let keeper = Self.fake(root, RunningKernel(version: KernelVersion(4, 7), bootID: "boot"))
        #expect(try keeper.protect(Self.request(Self.big), adjustment: Self.adjustment(300)).alsoChanged.isEmpty)
    }

    @Test func theScoreOfADryRunIsForetold() throws {
        let root = try TemporaryRoot()
        try root.addProcess(Self.big, memory: 40_000)
        var request = Self.request(Self.big)
        request.isDryRun = true
        request.formula = BadnessFormula(
            memory: Bytes(Pages(100_000), of: .fourKiB), swap: .zero, pageSize: .fourKiB, kernel: KernelVersion(6, 1))
        // 10,000 pages of 100,000 are 100 thousandths, and 300 more: 1400 * 2 / 3
        #expect(try Self.fake(root).protect(request, adjustment: Self.adjustment(300)).after.score == 933)
    }
}
