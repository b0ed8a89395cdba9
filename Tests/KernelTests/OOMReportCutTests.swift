import Kernel
import Testing

/// Reports of which a part is missing, or stands among what is none of theirs.
@Suite struct OOMReportCutTests {
    private func reports(_ lines: [String]) -> [OOMReport] {
        OOMLogParser.reports(of: [Array(lines.map { $0 + "\n" }.joined().utf8)[...]])
    }

    @Test(arguments: [
        ",task_memcg=/box/a,task=eater,pid=41,uid1000", ",task_memcg=/box/a,task=eater,pid=4", ",task_memcg=/box/a,task=ea",
    ])
    func aSummaryCutBehindItsGroupsHasGroups(_ tail: String) {
        let summary = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=box,mems_allowed=0,oom_memcg=/box" + tail
        let report = reports([header, processor, usage, summary, memcgKill(41, "eater")]).first
        #expect(report?.constraint == "memcg")
        #expect(report?.limitCgroup?.text == "/box")
        #expect(report?.victimCgroup?.text == "/box/a")
        #expect(report?.victims.map(\.processID) == [ProcessID(41)])
    }

    @Test func aSummaryCutWithinAGroupHasNone() {
        let report = reports([
            header, processor, "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=b,mems_allowed=0,oom_memcg=/bo",
        ]).first
        #expect(report?.constraint == "memcg")
        #expect(report?.scope == .memcg)
        #expect(report?.limitCgroup == nil)
    }

    @Test(arguments: ["t of memory: ", "y: ", "cgroup out of memory: ", "62109] Out of memory: "])
    func aKillWhoseBeginningIsLostIsAKill(_ head: String) {
        let reports = reports([head + killed(41, "eater"), "[    2.000000] usb 1-1: new device"])
        #expect(reports.map { $0.victims.map(\.processID) } == [[ProcessID(41)]])
        #expect(reports.map(\.scope) == [head.hasPrefix("cgroup") ? .memcg : .global])
    }

    @Test(arguments: ["He saw: ", "memory: not ", "x: "])
    func otherWordsBeforeItAreNoKill(_ head: String) { #expect(reports([head + killed(41, "eater")]).isEmpty) }

    @Test func aChoiceWithoutANameTellsTheMemoryCgroup() {
        let report = reports(["Memory cgroup out of memory: Kill process 41", "Killed process 41 (a) total-vm:8kB, anon-rss:4kB"])
            .first
        #expect(report?.scope == .memcg)
        #expect(report?.victims.map { $0.comm?.text } == ["a"])
    }

    /// A mail may quote the middle of one report and then bring another whole.
    @Test func whatWasQuotedBeforeTakesNothingOfTheNext() {
        let quoted = ["Normal free:3948kB min:7732kB low:8640kB high:9548kB present:891896kB"]
        let prose = (0..<60).map { "We do not know why number \($0) is so." }
        let report = [
            header, processor, "Mem-Info:", "active_anon:5366 inactive_anon:2172 isolated_anon:0",
            "Normal free:4000kB min:7732kB low:8640kB high:9548kB present:891896kB", "Out of memory: " + killed(41, "eater"),
        ]
        let found = reports(quoted + prose + report.enumerated().map { "[    1.00000\($0.offset)] \($0.element)" })
        #expect(found.last?.invoker?.comm.text == "eater")
        #expect(found.last?.zones.map(\.free) == [Bytes(kibibytes: 4000)])
        #expect(found.last?.victims.map(\.processID) == [ProcessID(41)])
    }

    /// The process was found in the killer's midst, but the trace is the watchdog's.
    @Test func aLockUpBehindKillsIsNoReport() {
        let trace = [
            "watchdog: BUG: soft lockup - CPU#20 stuck for 26s! [eater:41]", "Modules linked in: a b", processor, "Call trace:",
            " console_flush_all+0x3bc/0x550", " oom_kill_process+0x10/0x20", " mem_cgroup_out_of_memory+0x10/0x20",
        ]
        let lines = ([memcgKill(40, "a")] + trace).enumerated().map { "[    1.00000\($0.offset)] \($0.element)" }
        #expect(reports(lines).map { $0.victims.map(\.processID) } == [[ProcessID(40)]])
    }

    /// The first victim of a group is printed twice.
    @Test func aGroupOnOneLineIsOneReport() {
        let lines = [header, processor, usage, choice(41, "eater"), memcgKill(41, "eater"), groupLine]
        let log = (lines + [memcgKill(41, "eater"), memcgKill(42, "b")]).enumerated().map {
            "[    1.00000\($0.offset)] \($0.element)"
        }
        #expect(reports([log.joined(separator: " ")]).map { $0.victims.map(\.processID) } == [[ProcessID(41), ProcessID(42)]])
    }
}
