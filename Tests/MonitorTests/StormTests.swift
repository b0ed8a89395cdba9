import Foundation
import Host
import Kernel
import Logging
import Store
import Support
import Synchronization
import Testing

@testable import Monitor

/// A real storm: after ten reports in five seconds the kernel prints nothing of a kill but its last line.
@Suite struct StormTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func aBareKillLineHasTheGroupThatTheRecorderKnew() throws {
        let group = try MemoryGroup(limit: Bytes(kibibytes: 16 * 1024))
        let eaters = try (0..<16).map { _ in try FedProcess(in: group) }
        defer {
            eaters.forEach { $0.end() }
            do { try group.remove() } catch { Issue.record(error) }
        }
        let recorder = FlightRecorder(FlightRecorder.Settings(bootID: "boot"), logger: logger)
        let watch = try started(recorder)
        defer { watch.stop() }
        try #require(watch.status.isUp, "the kernel's log cannot be read: \(String(describing: watch.status.reason))")
        try #require(eventually(within: 10) { eaters.allSatisfy(\.isWaiting) })
        // The table of the largest has 20 places, and these are small: they are looked up as if they were among those.
        try note(eaters, in: recorder)
        try FedProcess.feed(eaters)
        let all = Set(eaters.map(\.process))
        #expect(eventually(within: 10) { kills(of: all, in: watch).count == all.count })
        let records = kills(of: all, in: watch)
        let bare = records.filter { $0.kind == .killWithoutReport && $0.victimCgroup == nil }
        #expect(bare.count >= 4)
        for record in bare {
            #expect(record.limitCgroup == group.path)
            #expect(record.isLimitDerived)
            #expect(record.report.limitCgroup == nil)
        }
        for record in records where record.kind == .kill { #expect(!record.isLimitDerived) }
    }

    @Test func aProcessThatNobodyHasSeenHasNoGroup() {
        let recorder = FlightRecorder(FlightRecorder.Settings(bootID: "boot"), logger: logger)
        #expect(recorder.limitingGroup(of: ProcessID(1), CommandName("init".utf8)) == nil)
    }

    @Test func aNumberUnderAnotherNameIsAnotherProcess() {
        var groups = LimitingGroups()
        let scan = Self.scan([(ProcessID(7), "tail")])
        groups.note(scan, [ProcessID(7): CgroupPath("/box".utf8)])
        #expect(groups.group(of: ProcessID(7), CommandName("tail".utf8)) == CgroupPath("/box".utf8))
        #expect(groups.group(of: ProcessID(7), CommandName("cat".utf8)) == nil)
    }

    @Test func whatTwoLooksHaveNotSeenIsForgotten() {
        var groups = LimitingGroups()
        groups.note(Self.scan([(ProcessID(7), "tail")]), [ProcessID(7): CgroupPath("/box".utf8)])
        groups.note(Self.scan([]), [:])
        #expect(groups.group(of: ProcessID(7), CommandName("tail".utf8)) != nil)
        groups.note(Self.scan([]), [:])
        #expect(groups.group(of: ProcessID(7), CommandName("tail".utf8)) == nil)
    }

    private func note(_ eaters: [FedProcess], in recorder: FlightRecorder) throws {
        let scan = Self.scan(eaters.map { ($0.process, "tail") })
        let groups = try ProcessTable().readLimitingGroups(of: scan, in: MemoryCgroups())
        recorder.limitingGroups.withLock { $0.note(scan, groups) }
    }

    private static func scan(_ processes: [(ProcessID, String)]) -> ProcessScan {
        ProcessScan(
            time: .now, total: processes.count,
            processes: processes.map {
                RecordedProcess(
                    $0.0, CommandName($0.1.utf8), adjustment: 0, size: (.zero, .zero), growth: (.zero, Nanoseconds(0)))
            })
    }

    private func started(_ recorder: FlightRecorder) throws -> OOMWatch {
        var settings = OOMWatch.Settings(bootID: "boot")
        settings.limitingGroup = { recorder.limitingGroup(of: $0, $1) }
        let watch = OOMWatch(settings, logger: logger)
        watch.start()
        try #require(eventually(within: 10) { watch.status.isReady })
        return watch
    }

    private func kills(of processes: Set<ProcessID>, in watch: OOMWatch) -> [EventRecord] {
        var query = EventQuery()
        query.limit = 1_000
        query.wantsEvidence = true
        return watch.ledger.events(query).events.map(\.event.record).filter { record in
            record.victims.contains { $0.processID.map(processes.contains) ?? false }
        }
    }
}

/// A process in a memory cgroup that takes as much memory as it is given input.
private struct FedProcess {
    let process: ProcessID
    private let program = Process()
    private let directory: TemporaryDirectory
    private var pipe: String { directory.path + "/food" }

    init(in group: MemoryGroup) throws {
        directory = try TemporaryDirectory()
        guard mkfifo(directory.path + "/food", 0o600) == 0 else { throw POSIXError(.EIO) }
        program.executableURL = URL(fileURLWithPath: "/bin/sh")
        program.arguments = ["-c", "echo $$ > \"$0\" && exec tail \"$1\"", group.processes, directory.path + "/food"]
        program.standardOutput = FileHandle.nullDevice
        try program.run()
        process = ProcessID(program.processIdentifier)
    }

    /// The shell has made way for who will eat.
    var isWaiting: Bool {
        FileManager.default.contents(atPath: "/proc/\(process)/comm") == Data("tail\n".utf8)
    }

    /// All in turn, each more than there is room for.
    static func feed(_ processes: [FedProcess]) throws {
        let feeder = Process()
        feeder.executableURL = URL(fileURLWithPath: "/bin/sh")
        feeder.arguments = ["-c", "for pipe; do head -c 67108864 /dev/zero > \"$pipe\"; done", "sh"] + processes.map(\.pipe)
        feeder.standardError = FileHandle.nullDevice
        try feeder.run()
        feeder.waitUntilExit()
    }

    func end() {
        guard program.isRunning else { return }
        kill(program.processIdentifier, SIGKILL)
        program.waitUntilExit()
    }
}
