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
        #expect(eventually(within: 5) { scene.adjustment(of: child) == scene.floor })
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
        #expect(eventually(within: 5) { scene.adjustment(of: child) == scene.floor })
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
        #expect(try scene.claim(300, "gone", on: child) != .gone)
        #expect(scene.adjustment(of: child) == 300)
        scene.engine.policiesChanged()
        #expect(eventually(within: 5) { scene.adjustment(of: child) == scene.floor })
        #expect(eventually(within: 5) { scene.feed.mode == .off })
    }

    /// 200 is less than the 300 that it has from us, and more than what it had before.
    @Test func aClaimOfBeforeARestartIsNotTakenForWhatAProcessHad() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let child = try scene.child()
        _ = try scene.claim(300, "hogs", on: child)
        try scene.put("hogs", 200)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 200 })
        #expect(eventually(within: 5) { scene.engine.reports.first?.applied == 1 })
    }

    /// As when the kernel, or a shortage, says no for once.
    @Test func whatIsNotTakenBackIsTriedAgain() throws {
        let scene = try Scene(withEvents: false)
        defer { scene.feed.stop() }
        let child = try scene.child()
        try scene.put("hogs", 300)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == 300 })
        scene.refusals.refuse(2)
        _ = try scene.control.delete("hogs", by: .daemon)
        #expect(eventually(within: 5) { scene.adjustment(of: child) == scene.floor })
        #expect(scene.refusals.left == 0)
        #expect(eventually(within: 5) { scene.feed.mode == .off })
    }

    /// It is a zombie to look at, and lives on: what it has of ours stays as long as the policy, and not longer.
    @Test func aProcessWhoseFirstThreadHasEndedIsNotForgotten() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        let program = try scene.program("Protector", "leader")
        let process = ProcessID(program.pid)
        try scene.put("hogs", 300)
        #expect(eventually(within: 5) { scene.adjustment(of: process) == 300 })
        program.signal(SIGUSR1)
        try waitUntil { program.isZombie }
        scene.feed.lookAgain()
        #expect(eventually(within: 5) { scene.engine.reports.first?.matched == 1 })
        try scene.put("others", 100, comm: "nobody")
        #expect(scene.adjustment(of: process) == 300)
        _ = try scene.control.delete("hogs", by: .daemon)
        #expect(eventually(within: 5) { scene.adjustment(of: process) == scene.floor })
    }

    @Test func whatPoliciesTakeIsAmongTheSources() throws {
        let scene = try Scene()
        defer { scene.feed.stop() }
        #expect(scene.engine.states.isEmpty)
        try scene.put("hogs", 300)
        #expect(scene.engine.states.map(\.source) == [.policies])
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

    /// A file that the next start could not read would be the end of the daemon.
    @Test func whatARestartCouldNotReadIsNotKept() throws {
        let directory = try TemporaryDirectory()
        let book = try PolicyBook(stateDirectory: directory.path)
        var match = PolicyMatch()
        // A user's name as long as no reader makes one: 17 of them are more than a file may have.
        match.user = .name(String(repeating: "x", count: 64_000))
        let error = #expect(throws: PolicyError.self) {
            for index in 0..<17 {
                _ = try book.put(ProtectionPolicy(name: "p\(index)", match: match, adjustment: .neutral))
            }
        }
        guard case .notKept? = error else { return _ = Issue.record("\(String(describing: error))") }
        #expect(try PolicyBook(stateDirectory: directory.path).policies == book.policies)
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
        #expect(error?.sentence == "policy.yaml:2: expected a member match, found \"only name\"")
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
    private let keeper: ProtectionKeeper
    /// What a child of this process has.
    let floor: Int?
    let refusals = Refusals()

    init(withEvents: Bool = true) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var settings = ProcessFeed.Settings()
        settings.usesEvents = withEvents
        settings.scanInterval = Nanoseconds(200_000_000)
        let (book, table) = (try PolicyBook(), ProcessTable())
        feed = ProcessFeed(settings, logger: logger)
        program = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: program.path + "/" + name)
        let keeper = ProtectionKeeper(table: table, cgroups: MemoryCgroups(), kernel: try RunningKernel.read())
        self.keeper = keeper
        floor = try ProcessHandle(opening: ProcessID(getpid()), in: table).readAdjustment().rawValue
        let (real, refusals) = (PolicyEngine.Keeper(keeper), refusals)
        engine = PolicyEngine(
            book: book, feed: feed, table: table, logger: logger,
            keeper: PolicyEngine.Keeper(pause: Nanoseconds(1), claims: { keeper.policyClaims }) { claim, process, startTime in
                claim == nil && refusals.isNext ? .refused(why: "for once") : real.apply(claim, process, startTime)
            })
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

    /// As a keeper of before a restart has it.
    func claim(_ value: Int, _ name: String, on child: Child) throws -> ClaimOutcome {
        let claim = PolicyClaim(name: name, adjustment: try #require(OOMScoreAdjustment(value)), children: .reset)
        return keeper.setPolicyClaim(
            claim, on: child.id, startTime: try ProcessHandle(opening: child.id, in: ProcessTable()).startTime)
    }

    /// One of our own under the name that policies match, once it says that it is ready.
    func program(_ name: String, _ argument: String) throws -> RunningProgram {
        let path = program.path + "/2/" + self.name
        try FileManager.default.createDirectory(atPath: program.path + "/2", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: Storm.path(name))
        let running = try RunningProgram([path, argument])
        try waitUntil { running.output.text.contains("ready") }
        return running
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

/// How often a keeper is to say no.
private final class Refusals: Sendable {
    private let count = Mutex(0)

    var left: Int { count.withLock { $0 } }

    func refuse(_ times: Int) { count.withLock { $0 = times } }

    var isNext: Bool {
        count.withLock { count in
            guard count > 0 else { return false }
            count -= 1
            return true
        }
    }
}
