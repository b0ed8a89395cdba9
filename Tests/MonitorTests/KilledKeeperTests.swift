import Foundation
import Host
import Kernel
import Monitor
import Store
import Support
import Testing

/// What a death at any instant leaves behind, and what a number that is given again leads to.
@Suite(.serialized) struct KilledKeeperTests {
    @Test func fiftyDeathsLeaveNothingThatDisagrees() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/" + ProtectionStore.fileName
        let children = try (0..<4).map { _ in try Child.sleeping() }
        let floor = try adjustment(of: children[0].id)
        var found = 0
        for _ in 0..<50 {
            let protector = try RunningProgram(
                [Storm.path("Protector"), "protect", path] + children.map { String($0.id.rawValue) })
            #expect(eventually(within: 20) { !protector.output.text.isEmpty })
            usleep(UInt32.random(in: 0...8_000))
            protector.signal(SIGKILL)
            #expect(try protector.end(within: 5) == .signal(SIGKILL), "\(protector.errors.text)")
            found += try checkAgreement(path, children.map(\.id), floor)
        }
        print("measured: of 50 deaths \(found) left something intended")
        #expect(found > 0, "none of 50 came between an intention and its end: the window was not met")
    }

    /// - Returns: how many actions had no end.
    private func checkAgreement(_ path: String, _ processes: [ProcessID], _ floor: Int) throws -> Int {
        let trail = AuditTrail(store: ProtectionStore(path: path))
        var settings = ProtectionKeeper.Settings()
        settings.trail = trail
        let keeper = ProtectionKeeper(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read(), settings: settings)
        let unfinished = try trail.store.unfinishedEntries()
        try keeper.recover()
        #expect(try trail.store.unfinishedEntries().isEmpty)
        let leases = try keeper.leases()
        #expect(try trail.store.leases() == leases)
        for process in processes {
            let wanted = leases.filter { $0.subject.process == process }.map(\.adjustment.rawValue).min() ?? floor
            #expect(try adjustment(of: process) == wanted)
        }
        for lost in unfinished {
            var query = AuditQuery()
            query.process = lost.subject?.process
            query.result = .recovered
            let last = try trail.store.entries(query).last
            #expect(last?.action == lost.action)
            #expect(try last?.after?.rawValue == adjustment(of: try #require(lost.subject?.process)))
        }
        return unfinished.count
    }

    /// In a user namespace of its own, where the process is told to have it.
    @Test func theCapabilityIsLaidDownForTheWriteAlone() throws {
        let run = try RunningProgram(["unshare", "--user", "--map-root-user", Storm.path("Protector"), "capability"])
        guard try run.end(within: 20) == .exit(0) else {
            print("skipped: no user namespace to be had: \(run.errors.text)")
            return
        }
        #expect(run.output.wholeText() == "true false true\n")
    }

    @Test func anotherProcessOfTheSameNumberIsNeverTouched() throws {
        let run = try RunningProgram(
            ["unshare", "--pid", "--fork", "--mount-proc", Storm.path("Protector"), "reuse", "1000"])
        let ending = try run.end(within: 120)
        guard ending == .exit(0) else {
            print("skipped: no pid namespace to be had, or ns_last_pid not to be written: \(run.errors.text)")
            return
        }
        let words = run.output.wholeText().split(separator: " ")
        print("measured: \(run.output.wholeText())")
        #expect(try #require(Int(words[1])) > 900)
        #expect(words.last == "0\n")
    }
}
