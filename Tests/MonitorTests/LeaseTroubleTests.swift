import Diagnosis
import Foundation
import Host
import Kernel
import Monitor
import Store
import Support
import Synchronization
import Testing

/// What goes wrong underneath, or happens at the same time.
@Suite struct LeaseTroubleTests {
    private let child: Child
    private let floor: Int

    init() throws {
        child = try Child.sleeping()
        floor = try adjustment(of: child.id)
    }

    private static func keeper(_ change: (inout ProtectionKeeper.Settings) -> Void) throws -> ProtectionKeeper {
        var settings = ProtectionKeeper.Settings()
        change(&settings)
        return ProtectionKeeper(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read(), settings: settings)
    }

    /// The disk was full when the lease was ended, and is not any more.
    @Test func anEndedLeaseIsWrittenDownAtTheStop() throws {
        let scene = try LeaseScene()
        _ = try scene.keeper.protect(child.id, 600)
        try scene.withoutStore { _ = try scene.keeper.unprotect(child.id) }
        #expect(try scene.trail.store.leases().count == 1)
        scene.keeper.stop()
        try scene.restart()
        #expect(try scene.keeper.leases().isEmpty)
        #expect(try adjustment(of: child.id) == floor)
    }

    /// The last lease ends while it is still being told that there is a first one.
    @Test func whoTellsOfForksIsToldInOrder() throws {
        let (told, child) = (Told(), child.id)
        let keeper = try Self.keeper { settings in
            settings.onHolding = { isHolding in
                told.begin()
                // Time enough for the other thread to be faster.
                if isHolding { _ = eventually(within: 0.5) { told.isAnything } }
                told.add(isHolding)
            }
        }
        let ending = Thread {
            guard eventually(within: 10, { told.hasBegun }) else { return }
            do { _ = try keeper.unprotect(child) } catch { Issue.record(error) }
        }
        ending.start()
        _ = try keeper.protect(child, 600)
        #expect(eventually(within: 10) { ending.isFinished })
        #expect(told.values == [true, false])
    }

    /// The sum reads pages of processes, which may be stuck.
    @Test func noEndOfALeaseWaitsForTheBudget() throws {
        let other = try Child.sleeping()
        let process = other.id
        let isAsked = Mutex(false)
        let isEnded = Mutex(false)
        let keeper = try Self.keeper { settings in
            settings.checkBudget = { candidate throws(ProtectionError) in
                guard candidate.process == process else { return }
                isAsked.withLock { $0 = true }
                _ = eventually(within: 10) { isEnded.withLock { $0 } }
            }
        }
        _ = try keeper.protect(child.id, 600)
        let asking = Thread {
            do { _ = try keeper.protect(process, 600) } catch { Issue.record(error) }
        }
        asking.start()
        #expect(eventually(within: 10) { isAsked.withLock { $0 } })
        let start = ProcessInfo.processInfo.systemUptime
        _ = try keeper.unprotect(child.id)
        isEnded.withLock { $0 = true }
        #expect(ProcessInfo.processInfo.systemUptime - start < 5)
        #expect(eventually(within: 20) { asking.isFinished })
        #expect(try adjustment(of: process) == 600)
    }

    /// Between the look for children and the write to their parent.
    @Test func aChildMadeDuringTheStopKeepsNothing() throws {
        let storm = try Storm(children: 1)
        let process = storm.id
        let isStopping = Mutex(false)
        let keeper = try Self.keeper { settings in
            settings.now = {
                if isStopping.withLock({ isStopping in
                    defer { isStopping = false }
                    return isStopping
                }) {
                    kill(process.rawValue, SIGUSR1)
                    #expect(eventually(within: 10) { hasChildren(process) })
                }
                return .now
            }
        }
        _ = try keeper.protect(storm.id, 700)
        isStopping.withLock { $0 = true }
        _ = try keeper.suspend()
        let made = try storm.descendants(1)[0]
        #expect(try adjustment(of: made) == floor)
    }

    /// After the write the process cannot be read any more, so that nothing is known but that it was written.
    @Test func whatCouldNotBeTakenBackIsRemembered() throws {
        let root = try TemporaryRoot()
        let process = 2_000_000_007
        try root.addProcess(process)
        let folder = "\(root.path)/proc/\(process)"
        let score = try ServedFile(folder + "/oom_score") {
            let isWritten = FileManager.default.contents(atPath: folder + "/oom_score_adj") == Data("300\n".utf8)
            guard isWritten else { return "666\n" }
            _ = FileManager.default.createFile(atPath: folder + "/oom_score_adj", contents: Data("no number\n".utf8))
            return "no number\n"
        }
        defer { score.end() }
        var settings = ProtectionKeeper.Settings()
        settings.trail = AuditTrail(store: ProtectionStore(path: ":memory:"))
        let keeper = ProtectionKeeper(
            table: ProcessTable(root: root.path), cgroups: MemoryCgroups(root: root.path),
            kernel: RunningKernel(version: KernelVersion(6, 1), bootID: "boot"), settings: settings)
        #expect(throws: ProtectionError.self) { try keeper.protect(ProcessID(Int32(process)), 300) }
        #expect(try keeper.leases().isEmpty)
        let touched = try settings.trail.store.touchedProcesses()
        #expect(touched.map(\.applied.rawValue) == [300])
        #expect(touched.map(\.baseline) == [.neutral])
    }

    /// Nothing would end any more.
    @Test func theThreadOutlivesAWaitThatFails() throws {
        let run = try RunningProgram([Storm.path("Protector"), "deaf"])
        #expect(try run.end(within: 60) == .exit(0), "\(run.errors.text)")
        #expect(run.output.wholeText() == "deaf ended\n")
    }
}

/// What was told, in its order.
private final class Told: Sendable {
    private let state = Mutex<[Bool]>([])
    private let isBegun = Atomic(false)

    /// Whether somebody is being told.
    var hasBegun: Bool { isBegun.load(ordering: .relaxed) }
    var values: [Bool] { state.withLock { $0 } }
    var isAnything: Bool { !values.isEmpty }

    func begin() { isBegun.store(true, ordering: .relaxed) }
    func add(_ value: Bool) { state.withLock { $0.append(value) } }
}

private func hasChildren(_ process: ProcessID) -> Bool {
    do { return try !ProcessTable().readTree().descendants(of: process).isEmpty } catch { return false }
}

/// A file that says something else each time that it is read.
private final class ServedFile: Sendable {
    private let path: String
    private let isOver = Mutex(false)

    init(_ path: String, _ text: @escaping @Sendable () -> String) throws {
        self.path = path
        unlink(path)
        guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
        Thread { [self] in
            while true {
                // Returns when somebody reads; who reads next shall not find this one's writer.
                let file = open(path, O_WRONLY)
                unlink(path)
                mkfifo(path, 0o600)
                guard file >= 0, !isOver.withLock({ $0 }) else { return }
                _ = Array(text().utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                close(file)
            }
        }.start()
    }

    func end() {
        isOver.withLock { $0 = true }
        close(open(path, O_RDONLY | O_NONBLOCK))
    }
}
