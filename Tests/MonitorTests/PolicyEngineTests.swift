import Diagnosis
import Foundation
import Host
import Kernel
import Logging
import Monitor
import Store
import Support
import Synchronization
import Testing

/// With real processes of the test's own, which only raise: that takes no right, and the way back to 0 neither.
@Suite struct PolicyEngineTests {
    @Test(arguments: [true, false]) func whatRunsAndWhatComesIsRaised(withEvents: Bool) throws {
        let scene = try Scene(withEvents: withEvents)
        defer { scene.feed.stop() }
        let first = try scene.child()
        try scene.put("hogs", 300)
        #expect(eventually(within: 5) { scene.adjustment(of: first) == 300 })
        let second = try scene.child()
        #expect(eventually(within: 1) { scene.adjustment(of: second) == 300 })
        let report = try #require(scene.engine.reports.first)
        #expect(eventually(within: 5) { scene.engine.reports.first?.applied == 2 })
        #expect(report.policy.name == "hogs")
    }

    @Test func aDeletedPolicyIsTakenBack() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.put("hogs", 300)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 300 })
        _ = try scene.control.delete("hogs", by: .daemon)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 0 })
        #expect(eventually(within: 5) { scene.feed.mode == .off })
        #expect(scene.notes == [.putPolicy, .deletePolicy])
    }

    @Test func aPolicyThatMatchesNoMoreIsTakenBack() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.put("hogs", 300)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 300 })
        try scene.put("hogs", 300, comm: "nobody")
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 0 })
    }

    @Test func theStrongerOfTwoIsApplied() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.put("more", 500)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 500 })
        try scene.put("first", 700, priority: 1)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 700 })
    }

    /// Put back once; whoever insists has it.
    @Test func somebodyElsesValueIsAnsweredOnce() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.put("hogs", 300)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 300 })
        try scene.write(400, to: child)
        scene.feed.lookAgain()
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 300 })
        try scene.write(400, to: child)
        scene.feed.lookAgain()
        #expect(eventually(within: 5) { scene.engine.contestedCount == 1 })
        scene.feed.lookAgain()
        #expect(scene.adjustment(of: child) == 400)
        #expect(scene.engine.reports.first?.contested.map(\.process) == [child.id])
        #expect(scene.engine.reports.first?.contested.first?.adjustment.rawValue == 400)
        #expect(scene.engine.contestedCount == 1)
    }

    /// As pg_ctl leaves PostgreSQL behind: the parent matched as well, and with its end the child is the main process.
    @Test func aChildOfOneThatDetachedItBecomesMain() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let detached = try scene.detaching()
        try scene.put("hogs", 300, role: .main)
        #expect(eventually(within: 5) { scene.adjustment(of: detached.parent.id) == 300 })
        #expect(scene.adjustment(of: detached.child) == 0)
        detached.parent.end()
        #expect(eventually(within: 5) { scene.adjustment(of: detached.child) == 300 })
        kill(detached.child.rawValue, SIGKILL)
    }

    @Test func claimsOfBeforeARestartAreLetGo() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.write(300, to: child)
        let claim = PolicyClaim(name: "gone", adjustment: try #require(OOMScoreAdjustment(300)), children: .reset)
        scene.engine.adopt([(child.id, try ProcessHandle(opening: child.id, in: ProcessTable()).startTime, claim)])
        scene.engine.policiesChanged()
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 0 })
    }

    @Test func aDryRunSaysWhomAndWhyNotAndTouchesNobody() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.write(500, to: child)
        let rows = try scene.engine.foresee(scene.policy("hogs", 600))
        #expect(rows.map(\.process) == [child.id])
        #expect(rows.first?.before.rawValue == 500)
        #expect(rows.first?.after.rawValue == 600)
        #expect(rows.first?.whyNot == nil)
        let refused = try #require(try scene.engine.foresee(scene.policy("hogs", 100)).first)
        #expect(refused.after.rawValue == 500)
        #expect(refused.whyNot == ForeseenPolicy.forgeable)
        #expect(scene.adjustment(of: child) == 500)
    }
}

@Suite struct PolicyBookTests {
    private static let file = "policies: [{name: db, match: {comm: a}, oom_score_adj: 5}]\n"

    @Test func whatIsPutSurvivesARestart() throws {
        let directory = try TemporaryDirectory()
        let policy = try Scene().policy("hogs", 300)
        #expect(try PolicyBook(stateDirectory: directory.path).put(policy) == .created)
        let again = try PolicyBook(stateDirectory: directory.path)
        #expect(again.policies == [policy])
        #expect(try again.put(policy) == .unchanged)
        _ = try again.delete("hogs")
        #expect(try PolicyBook(stateDirectory: directory.path).policies.isEmpty)
    }

    @Test func aPolicyOfTheFileIsChangedThereAlone() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array(Self.file.utf8), to: "policy.yaml")
        let book = try PolicyBook(file: directory.path + "/policy.yaml")
        #expect(throws: PolicyError.fromFile("db")) { try book.put(try Scene().policy("db", 300)) }
        #expect(throws: PolicyError.fromFile("db")) { try book.delete("db") }
        #expect(throws: PolicyError.noSuchPolicy("x")) { try book.delete("x") }
    }

    @Test func aFileThatIsNotThereIsSaidToBeMissing() {
        let error = #expect(throws: SourceError.self) { _ = try PolicyBook(file: "/nowhere/p.yaml") }
        #expect(error?.sentence == "/nowhere/p.yaml: there is no such file")
    }

    @Test func aBrokenFileLeavesTheOldOneInForce() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array(Self.file.utf8), to: "policy.yaml")
        let book = try PolicyBook(file: directory.path + "/policy.yaml")
        try directory.write(Array("policies:\n  - name: db\n".utf8), to: "policy.yaml")
        let error = #expect(throws: SourceError.self) { try book.reload() }
        #expect(error?.sentence == "policy.yaml:2: expected a member match (match), found \"name\"")
        #expect(book.policies.map(\.adjustment.rawValue) == [5])
        #expect(book.fileFailure == error)
        try directory.write(Array("policies: []\n".utf8), to: "policy.yaml")
        try book.reload()
        #expect(book.policies.isEmpty)
        #expect(book.fileFailure == nil)
    }

    @Test func aBrokenFileIsNoStart() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("policies: 5\n".utf8), to: "policy.yaml")
        #expect(throws: SourceError.self) { try PolicyBook(file: directory.path + "/policy.yaml") }
    }
}

/// Policies over the real processes of this machine, by a name that only this scene's children have.
private final class Scene: Sendable {
    let feed: ProcessFeed
    let engine: PolicyEngine
    let control: PolicyControl
    private let name = "pol-\(UInt32.random(in: 0..<0xff_ffff))"
    private let program: TemporaryDirectory
    private let told = Verbs()

    init(withEvents: Bool = true) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var settings = ProcessFeed.Settings()
        settings.usesEvents = withEvents
        settings.scanInterval = Nanoseconds(200_000_000)
        let (book, table) = (try PolicyBook(), ProcessTable())
        feed = ProcessFeed(settings, logger: logger)
        program = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: program.path + "/" + name)
        let holder = Holder()
        engine = PolicyEngine(book: book, feed: feed, table: table, logger: logger) { holder.apply($0, $1, $2) }
        control = PolicyControl(book: book, engine: engine, feed: feed) { [told] in told.add($0.verb) }
    }

    var notes: [AuditEntry.Verb] { told.all }

    func child() throws -> Child {
        let child = try Child([program.path + "/" + name, "600"])
        try waitUntil { (try? String(contentsOfFile: "/proc/\(child.id)/comm", encoding: .utf8)) == name + "\n" }
        return child
    }

    /// A shell of that name with a child of that name.
    func detaching() throws -> (parent: Child, child: ProcessID) {
        let (shell, note) = (program.path + "/bin/" + name, program.path + "/child")
        try FileManager.default.createDirectory(atPath: program.path + "/bin", withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: URL(fileURLWithPath: "/bin/sh").resolvingSymlinksInPath().path, toPath: shell)
        let parent = try Child([shell, "-c", "'\(program.path)/\(name)' 600 & echo $! > '\(note)'; wait"])
        var child: Int32?
        try waitUntil {
            child = (try? String(contentsOfFile: note, encoding: .utf8)).flatMap { Int32($0.dropLast()) }
            return child != nil
        }
        return (parent, ProcessID(try #require(child)))
    }

    func policy(
        _ name: String, _ adjustment: Int, comm: String? = nil, priority: Int = 0, role: PolicyMatch.Role = .any
    ) throws -> ProtectionPolicy {
        var match = PolicyMatch()
        match.role = role
        match.comm = Glob(comm ?? self.name, of: .name)
        return ProtectionPolicy(
            name: name, match: match, adjustment: try #require(OOMScoreAdjustment(adjustment)), priority: priority)
    }

    func put(
        _ name: String, _ adjustment: Int, comm: String? = nil, priority: Int = 0, role: PolicyMatch.Role = .any
    ) throws {
        _ = try control.put(try policy(name, adjustment, comm: comm, priority: priority, role: role), by: .daemon)
    }

    func adjustment(of child: Child) -> Int? { adjustment(of: child.id) }

    func adjustment(of process: ProcessID) -> Int? {
        (try? String(contentsOfFile: "/proc/\(process)/oom_score_adj", encoding: .utf8)).flatMap { Int($0.dropLast()) }
    }

    func write(_ adjustment: Int, to child: Child) throws {
        try "\(adjustment)\n".write(toFile: "/proc/\(child.id)/oom_score_adj", atomically: false, encoding: .utf8)
    }
}

private final class Verbs: Sendable {
    private let verbs = Mutex<[AuditEntry.Verb]>([])

    var all: [AuditEntry.Verb] { verbs.withLock { $0 } }

    func add(_ verb: AuditEntry.Verb) { verbs.withLock { $0.append(verb) } }
}

/// Writes what a claim says, and 0 at its end.
private final class Holder: Sendable {
    func apply(_ claim: PolicyClaim?, _ process: ProcessID, _ startTime: ClockTicks) -> PolicyEngine.Outcome {
        do throws(ProcessError) {
            let handle = try ProcessHandle(opening: process, in: ProcessTable())
            guard handle.startTime == startTime else { return .gone }
            try handle.write(claim?.adjustment ?? .neutral)
            return .applied
        } catch { return .refused(why: "\(error)") }
    }
}
