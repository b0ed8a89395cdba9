import Diagnosis
import Foundation
import Host
import Kernel
import Support
import Testing

@Suite struct ProcessTableTests {
    @Test func readsEveryProcessOfACapture() throws {
        let scan = try ProcessTable(root: Fixture("6.1-amd64-protected-biggest").root).readAll()
        #expect(Set(scan.processes.map(\.status.process.rawValue)) == [1, 95, 98, 99, 101, 102, 122, 123, 124])
        let protected = try #require(scan.processes.first { $0.status.process == ProcessID(102) })
        #expect(protected.status.commandName == "protected")
        #expect(protected.adjustment == .exempt)
        // Its kernel threads were captured without a status.
        #expect(scan.gone > 30)
        #expect(scan.denied == 0)
    }

    @Test func agreesWithTheKernelsOrderOnThisMachine() throws {
        let kernel = try RunningKernel.read().version
        let formula = try #require(try ProcessTableTests.hostFormula(kernel))
        let table = ProcessTable()
        var result = (compared: 0, differing: [ProcessID]())
        // A process may grow, be in the middle of vfork() or just be given its adjustment between the two readings; other tests
        // start hundreds of them.
        let agrees = try eventually(within: 10) {
            result = try Self.compare(table, formula)
            return result.compared > 0 && result.differing.count <= 1 + result.compared / 20
        }
        #expect(agrees, "\(result.differing) of \(result.compared)")
    }

    private static func compare(
        _ table: ProcessTable, _ formula: BadnessFormula
    ) throws -> (compared: Int, differing: [ProcessID]) {
        var differing: [ProcessID] = []
        var compared = 0
        for reading in try table.readAll().processes where reading.status.process != ProcessID(1) {
            let ours = formula.oomScore(of: formula.badness(of: reading.status, adjustment: reading.adjustment))
            let details = try table.readDetails(of: [reading.status.process], withCommandLines: false)
            guard let theirs = details[reading.status.process]?.score else { continue }
            compared += 1
            if abs(ours - theirs) > 1 { differing.append(reading.status.process) }
        }
        return (compared, differing)
    }

    static func hostFormula(_ kernel: KernelVersion) throws -> BadnessFormula? {
        let text = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
        func kibibytes(_ name: String) throws -> Int {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + ":") })
            return try #require(Int(line.split(separator: " ")[1]))
        }
        return BadnessFormula(
            memory: Bytes(kibibytes: try kibibytes("MemTotal")), swap: Bytes(kibibytes: try kibibytes("SwapTotal")),
            pageSize: PageSize(bytes: sysconf(Int32(_SC_PAGESIZE))), kernel: kernel)
    }

    @Test func seesALiveChild() throws {
        let child = try Child.sleeping()
        let reading = try #require(try ProcessTable().readAll().processes.first { $0.status.process == child.id })
        #expect(reading.status.commandName == "sleep")
        #expect(reading.status.parent == ProcessID(getpid()))
        #expect(try #require(reading.status.memory).resident > .zero)
    }

    @Test func aKernelThreadHasNoMemoryAndIsTold() throws {
        let scan = try ProcessTable().readAll()
        guard let kthreadd = scan.processes.first(where: { $0.status.process == ProcessID(2) }) else {
            print("skipped: this pid namespace shows no kernel threads")
            return
        }
        #expect(kthreadd.status.memory == nil)
    }

    @Test func aMissingProcIsAnErrorAndNotAnEmptyList() throws {
        let root = try TemporaryRoot()
        #expect(throws: SourceError.absent(path: root.path + "/proc")) { try ProcessTable(root: root.path).readAll() }
    }

    @Test func processesThatVanishAreCounted() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7)
        try root.makeDirectory("proc/8")
        try root.makeDirectory("proc/self")
        let scan = try ProcessTable(root: root.path).readAll()
        #expect(scan.processes.map(\.status.process) == [ProcessID(7)])
        #expect(scan.gone == 1)
    }

    @Test func processesThatMayNotBeReadAreCounted() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7)
        try root.addProcess(8)
        chmod("\(root.path)/proc/8/status", 0)
        _ = try asNobody {
            let scan = try ProcessTable(root: root.path).readAll()
            #expect(scan.processes.map(\.status.process) == [ProcessID(7)])
            #expect(scan.denied == 1)
        }
    }

    @Test func readsOnlyOOMAdjWhereTheKernelHasNoOther() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7, adjustment: nil)
        try root.write("7\n", to: "proc/7/oom_adj")
        #expect(try ProcessTable(root: root.path).readAll().processes.map(\.adjustment.rawValue) == [411])
    }

    @Test func aLeaderThatHasExitedHasTheMemoryOfItsThreads() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7, state: "Z (zombie)", memory: nil, threads: 3)
        try root.makeDirectory("proc/7/task/7")
        try root.makeDirectory("proc/7/task/8")
        try root.write(root.status(7, state: "Z (zombie)", memory: nil, threads: 3), to: "proc/7/task/7/status")
        try root.write(root.status(8, memory: 4096, threads: 3), to: "proc/7/task/8/status")
        let reading = try #require(try ProcessTable(root: root.path).readAll().processes.first)
        #expect(reading.status.memory?.resident == Bytes(kibibytes: 4096))
        #expect(reading.status.state == .zombie)
    }

    @Test func textThatIsNoStatusIsCountedAndTheFirstIsNamed() throws {
        let root = try TemporaryRoot()
        for process in 7...9 { try root.addProcess(process) }
        try root.write("Name:\tx\nPid:\tseven\n", to: "proc/7/status")
        let error = SourceError.malformed(
            path: root.path + "/proc/7",
            ParseError(source: "status", line: 2, expected: "a number after 'Pid:'", found: "seven"))
        try root.write("much\n", to: "proc/9/oom_score_adj")
        let scan = try ProcessTable(root: root.path).readAll()
        #expect(scan.processes.map(\.status.process) == [ProcessID(8)])
        #expect(scan.failed == 2)
        // A temporary directory lists its names in any order.
        let first = try #require(scan.firstFailure)
        #expect(first == error || first.description.hasPrefix(root.path + "/proc/9: "))
        #expect(scan.denied == 0 && scan.gone == 0)
    }

    @Test func aDetailThatIsNotUnderstoodHidesNothingElse() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7)
        try root.write("x\n", to: "proc/7/oom_score")
        try root.write("?\n", to: "proc/7/cgroup")
        let all = try ProcessTable(root: root.path).readDetails(of: [ProcessID(7)], withCommandLines: false)
        let details = try #require(all[ProcessID(7)])
        #expect(details.score == nil && details.memoryCgroup == nil)
        #expect(details.startTime == ClockTicks(1007))
    }

    @Test func whetherProcCanBeOpenedIsCheap() throws {
        let root = try TemporaryRoot()
        #expect(throws: SourceError.absent(path: root.path + "/proc")) {
            try ProcessTable(root: root.path).checkMayBeOpened()
        }
        try root.makeDirectory("proc")
        try ProcessTable(root: root.path).checkMayBeOpened()
    }

    @Test func detailsAreReadForThoseAskedFor() throws {
        let table = ProcessTable(root: Fixture("5.10-amd64-memcg-v1").root)
        let details = try table.readDetails(of: [ProcessID(111), ProcessID(4242)], withCommandLines: false)
        #expect(details.count == 1)
        let eater = try #require(details[ProcessID(111)])
        #expect(eater.score == 753)
        #expect(eater.memoryCgroup?.text == "/box")
        #expect(eater.commandLine == nil)
    }

    @Test func argumentsAreKeptApart() throws {
        let table = ProcessTable(root: Fixture("6.1-amd64-comms").root)
        let details = try #require(try table.readDetails(of: [ProcessID(95)], withCommandLines: true)[ProcessID(95)])
        #expect(details.commandLine == [Array("rec".utf8), Array("/dev/vda".utf8), Array("400".utf8)])
        #expect(details.startTime == ClockTicks(277))
    }
}
