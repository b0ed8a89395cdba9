import Diagnosis
import Foundation
import Host
import Kernel
import Support
import Testing

/// What is read of those that stand near the head of the order.
@Suite struct CandidateReaderTests {
    private let root: TemporaryRoot
    private let machine = OOMDomain(kind: .global, totalPages: Pages(100_000))

    init() throws { root = try TemporaryRoot() }

    private func reader() throws -> (CandidateReader, [ProcessID: ProcessStatus]) {
        let table = ProcessTable(root: root.path)
        let all = try table.readAll().processes.map(\.status)
        let reader = try CandidateReader(
            table: table, cgroups: MemoryCgroups(root: root.path), processes: all, readsPolicies: true)
        return (reader, Dictionary(uniqueKeysWithValues: all.map { ($0.process, $0) }))
    }

    private func details(of pid: Int32, within domain: OOMDomain? = nil) throws -> VictimDetails {
        let (reader, all) = try reader()
        let process = try #require(all[ProcessID(pid)])
        return try #require(reader.readDetails(of: process, within: domain ?? machine))
    }

    /// The leader has exited: it has no memory, and version 1 shows it in the root.
    @Test func aZombieLeaderIsReadThroughItsThreads() throws {
        try root.addProcess(10, state: "Z (zombie)", memory: nil, threads: 2)
        try root.write("4:memory:/\n", to: "proc/10/cgroup")
        try root.write(root.status(11, of: 10, memory: 4_000, threads: 2), to: "proc/10/task/11/status")
        try root.write("4:memory:/box\n", to: "proc/10/task/11/cgroup")
        let (reader, all) = try reader()
        let leader = try #require(all[ProcessID(10)])
        #expect(leader.memory?.resident == Bytes(kibibytes: 4_000))
        #expect(reader.readMemoryCgroup(of: leader) == CgroupPath("/box".utf8))
    }

    /// The highest group up to the one that ran out. Kernel: `mem_cgroup_get_oom_group()`.
    @Test func theHighestGroupThatDiesTogetherCounts() throws {
        for (pid, group) in [(10, "/a/b/c"), (11, "/a/b"), (12, "/a"), (13, "/a/b/d")] {
            try root.addProcess(pid, memory: pid * 1_000)
            try root.write("0::\(group)\n", to: "proc/\(pid)/cgroup")
        }
        try root.write("memory\n", to: "sys/fs/cgroup/cgroup.controllers")
        for (group, value) in [("a", 0), ("a/b", 1), ("a/b/c", 1), ("a/b/d", 0)] {
            try root.write("\(value)\n", to: "sys/fs/cgroup/\(group)/memory.oom.group")
        }
        let whole = try details(of: 10)
        #expect(whole.killedGroup == CgroupPath("/a/b".utf8))
        #expect(whole.groupMembers == [ProcessID(11), ProcessID(13)])
        let limited = MemoryCgroup(path: CgroupPath("/a/b/c".utf8), version: .two)
        let inner = OOMDomain(
            kind: .memcg(OOMDomain.LimitedGroup(asked: limited.path, group: limited, nearer: nil)), totalPages: Pages(1_000))
        #expect(try details(of: 10, within: inner).groupMembers.isEmpty)
        #expect(try details(of: 12).killedGroup == nil)
    }

    @Test func thePolicyIsReadOfTheFirstMapping() throws {
        try root.addProcess(10)
        try root.write("00400000 bind:1 file=/x\n7f000000 default\n", to: "proc/10/numa_maps")
        #expect(try details(of: 10).policy == .bound(NodeSet([1])))
    }

    @Test func whatIsMissingIsNotKnown() throws {
        try root.write(root.status(10), to: "proc/10/status")
        try root.write("0\n", to: "proc/10/oom_score_adj")
        let known = try details(of: 10)
        #expect(known.score == nil)
        #expect(known.memoryCgroup == nil)
        #expect(known.policy == .unknown)
    }

    @Test func kernelThreadsAreToldByTheirFlag() throws {
        try root.addProcess(2, memory: nil)
        try root.writeStat(2, flags: 0x20_8040, start: 1)
        try root.addProcess(3, state: "Z (zombie)", memory: nil)
        let (reader, all) = try reader()
        #expect(reader.readIsKernelThread(try #require(all[ProcessID(2)])))
        #expect(!reader.readIsKernelThread(try #require(all[ProcessID(3)])))
    }

    /// The kernel's own word on this machine: a child in vfork() has a score of 0, one with the same memory dies with it.
    @Test(.enabled(if: getuid() == 0, "kcmp(2) needs the right to trace"), arguments: ["vfork", "share"])
    func aTwinOfThisMachineIsKnown(kind: String) throws {
        let hog = URL(fileURLWithPath: Oomwarden.path).deletingLastPathComponent().appendingPathComponent("hog").path
        let program = try RunningProgram([hog, kind])
        #expect(eventually(within: 5) { program.output.text.hasSuffix("\n") })
        let child = ProcessID(try #require(Int32(program.output.text.dropLast())))
        let parent = ProcessID(program.pid)
        let all = try ProcessTable().readAll().processes
        let reader = try CandidateReader(
            table: ProcessTable(), cgroups: MemoryCgroups(), processes: all.map(\.status), readsPolicies: false)
        let reading = try #require(all.first { $0.status.process == child })
        let known = try #require(reader.readDetails(of: reading.status, within: machine))
        #expect(known.sharing == [parent])
        #expect((known.score == 0) == (kind == "vfork"))
    }
}
