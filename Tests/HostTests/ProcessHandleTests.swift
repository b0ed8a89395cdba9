import Foundation
import Host
import Kernel
import Support
import Testing

@Suite struct ProcessHandleTests {
    private let table = ProcessTable()

    private static func adjustment(_ value: Int) throws -> OOMScoreAdjustment { try #require(OOMScoreAdjustment(value)) }

    @Test func raisesAndLowersAChildAgain() throws {
        let child = try Child.sleeping()
        let handle = try ProcessHandle(opening: child.id, in: table)
        let floor = try handle.readAdjustment()
        let raised = try Self.adjustment(min(floor.rawValue + 500, 1000))
        try handle.write(raised)
        #expect(try handle.readAdjustment() == raised)
        #expect(try String(contentsOfFile: "/proc/\(child.id)/oom_score_adj", encoding: .utf8) == "\(raised)\n")
        try handle.write(floor)
        #expect(try handle.readAdjustment() == floor)
    }

    @Test func loweringNeedsACapability() throws {
        guard try !Capabilities.readOwn().effective.contains(.sysResource) else {
            print("skipped: this process holds CAP_SYS_RESOURCE, so that nothing is refused")
            return
        }
        let child = try Child.sleeping()
        let handle = try ProcessHandle(opening: child.id, in: table)
        let before = try handle.readAdjustment()
        let refusal = ProcessError.Refusal(process: child.id, step: .write, errno: EACCES)
        #expect(refusal.missing == .sysResource)
        #expect(throws: ProcessError.refused(refusal)) { try handle.write(Self.adjustment(before.rawValue - 500)) }
        #expect(try handle.readAdjustment() == before)
    }

    @Test func openingAnotherUsersNeedsACapability() throws {
        let child = try Child.sleeping()
        let handle = try ProcessHandle(opening: child.id, in: table)
        let before = try handle.readAdjustment()
        let refusal = ProcessError.Refusal(process: child.id, step: .open, errno: EACCES)
        #expect(refusal.missing == .dacOverride)
        _ = try asNobody { () throws in
            #expect(throws: ProcessError.refused(refusal)) { try handle.write(before) }
            #expect(throws: ProcessError.refused(refusal)) { try handle.checkMayBeOpened() }
            #expect(try handle.readAdjustment() == before)
        }
    }

    @Test func aProcessThatIsNotThereIsSaidSo() {
        #expect(throws: ProcessError.noSuchProcess(ProcessID(Int32.max))) {
            _ = try ProcessHandle(opening: ProcessID(Int32.max), in: table)
        }
        #expect(throws: ProcessError.noSuchProcess(ProcessID(-1))) { _ = try ProcessHandle(opening: ProcessID(-1), in: table) }
    }

    @Test func aProcessThatEndedIsGoneForItsHandle() throws {
        let child = try Child.sleeping()
        let handle = try ProcessHandle(opening: child.id, in: table)
        child.end()
        #expect(throws: ProcessError.gone(child.id)) { try handle.readStatus() }
        #expect(throws: ProcessError.gone(child.id)) { try handle.readScore() }
        #expect(throws: ProcessError.gone(child.id)) { try handle.write(.neutral) }
    }

    @Test func aZombieIsNotAdjusted() throws {
        let child = try Child.sleeping()
        try child.kill()
        let handle = try ProcessHandle(opening: child.id, in: table)
        #expect(throws: ProcessError.zombie(child.id)) { try handle.write(.neutral) }
    }

    @Test func theFirstProcessIsNotAdjusted() throws {
        let handle = try ProcessHandle(opening: ProcessID(1), in: table)
        #expect(throws: ProcessError.initProcess) { try handle.write(.neutral) }
    }

    @Test func aThreadIsToldFromItsProcess() throws {
        let own = ProcessID(getpid())
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap(Int32.init)
        let other = try #require(threads.map(ProcessID.init).first { $0 != own })
        #expect(throws: ProcessError.isThread(other, of: own)) { _ = try ProcessHandle(opening: other, in: table) }
    }

    @Test func aKernelThreadIsNotAdjusted() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7, memory: nil)
        try root.writeStat(7, flags: 0x20_8040, start: 1007)
        let handle = try ProcessHandle(opening: ProcessID(7), in: ProcessTable(root: root.path))
        #expect(throws: ProcessError.kernelThread(ProcessID(7))) { try handle.write(.neutral) }
    }

    @Test func aLeaderWhoseThreadsLiveOnIsAdjusted() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7, state: "Z (zombie)", memory: nil, threads: 2)
        try root.makeDirectory("proc/7/task")
        let handle = try ProcessHandle(opening: ProcessID(7), in: ProcessTable(root: root.path))
        try handle.write(Self.adjustment(300))
        #expect(try root.text("proc/7/oom_score_adj") == "300\n")
    }

    /// The kernel cannot give a held directory to another process; a start time that differs says that somebody else did.
    @Test func anotherStartTimeIsAnotherProcess() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7)
        let handle = try ProcessHandle(opening: ProcessID(7), in: ProcessTable(root: root.path))
        #expect(handle.startTime == ClockTicks(1007))
        try root.writeStat(7, start: 5000)
        #expect(throws: ProcessError.gone(ProcessID(7))) { try handle.write(.neutral) }
        #expect(try root.text("proc/7/oom_score_adj") == "0\n")
    }

    @Test func onTheOldScaleTheNearestIsWritten() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7, adjustment: nil)
        try root.write("0\n", to: "proc/7/oom_adj")
        let handle = try ProcessHandle(opening: ProcessID(7), in: ProcessTable(root: root.path))
        try handle.write(Self.adjustment(411))
        #expect(try root.text("proc/7/oom_adj") == "7\n")
        #expect(try handle.readAdjustment() == Self.adjustment(411))
    }

    @Test func aDryLookAtTheFileChangesNothing() throws {
        let child = try Child.sleeping()
        let handle = try ProcessHandle(opening: child.id, in: table)
        let before = try handle.readAdjustment()
        try handle.checkMayBeOpened()
        #expect(try handle.readAdjustment() == before)
    }

    @Test func ownCapabilitiesAreThoseOfStatus() throws {
        let line = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            .split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let mask = try #require(line.flatMap { UInt64($0.dropFirst(8), radix: 16) })
        #expect(try Capabilities.readOwn().effective.rawValue == mask)
    }

    @Test func theRunningKernelIsNamed() throws {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { Array($0.prefix { $0 != 0 }) }
        let kernel = try RunningKernel.read()
        #expect(kernel.version == (try KernelVersion(parsing: release)))
        #expect(UUID(uuidString: kernel.bootID) != nil)
    }
}
