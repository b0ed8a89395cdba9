import Foundation
import Host
import Kernel
import Support
import Testing

@Suite struct MachineSamplerTests {
    @Test func samplesThisMachine() {
        var sampler = MachineSampler()
        #expect(sampler.readSample() == nil)
        #expect((sampler.row[.memTotal] ?? 0) > 0)
        #expect(sampler.row[.majorFaults] != nil)
        #expect(!sampler.row.layout.zones.isEmpty)
    }

    @Test func samplesAnotherMachine() {
        var sampler = MachineSampler(root: Fixture("6.1-amd64-cache-thrash").root + "/t-06")
        #expect(sampler.readSample() == nil)
        #expect(sampler.row[.memAvailable] == 46840)
        #expect(sampler.row[.fileRefaults] == 138_756)
        #expect(sampler.row.layout.zones.map(\.name) == ["DMA", "DMA32"])
    }

    @Test func aSourceThatFailsTakesNoOtherWithIt() throws {
        let root = try TemporaryRoot()
        try root.write("MemFree: 5 kB\n", to: "proc/meminfo")
        try root.write("Node 0, zone Normal 3 1 \n", to: "proc/buddyinfo")
        var sampler = MachineSampler(root: root.path)
        #expect(sampler.readSample() == .absent(path: root.path + "/proc/vmstat"))
        #expect(sampler.row[.memFree] == 5)
        #expect(sampler.row[.oomKills] == nil)
    }

    @Test func nearestToItsLimitComesFirst() throws {
        let root = try TemporaryRoot()
        func group(_ path: String, _ files: [String: String]) throws {
            for (name, text) in files { try root.write(text + "\n", to: "sys/fs/cgroup\(path)/\(name)") }
        }
        try group("/free", ["memory.max": "max", "memory.high": "max", "memory.current": "999999999"])
        try group("/half", ["memory.max": "1048576", "memory.high": "max", "memory.current": "524288"])
        try group(
            "/half/near",
            [
                "memory.max": "max", "memory.high": "2097152", "memory.current": "2000000", "memory.events": "high 7",
                "memory.oom.group": "1",
            ])
        let groups = CgroupScanner(root: root.path).readNearest()
        #expect(groups.map(\.path.text) == ["/half/near", "/half"])
        #expect(groups[0].high == Bytes(2_097_152) && groups[0].maximum == nil)
        #expect(groups[0].highEvents == 7 && groups[0].killsAll)
        #expect(CgroupScanner(root: root.path).readNearest(1).count == 1)
    }

    @Test func readsGroupsOfVersion1() throws {
        let root = try TemporaryRoot()
        let files = [
            "limit_in_bytes": "67108864", "usage_in_bytes": "67108864", "failcnt": "12",
            "oom_control": "oom_kill_disable 1\nunder_oom 1",
        ]
        for (name, text) in files { try root.write(text + "\n", to: "sys/fs/cgroup/memory/box/memory.\(name)") }
        try root.write("9223372036854771712\n", to: "sys/fs/cgroup/memory/free/memory.limit_in_bytes")
        let groups = CgroupScanner(root: root.path).readNearest()
        #expect(groups.map(\.path.text) == ["/box"])
        #expect(groups[0].isUnderOOM && groups[0].maximumEvents == 12)
    }

    @Test func aStateFileIsWholeOrAsBefore() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/recording"
        #expect(try StateFile.read(path, atMost: 100) == nil)
        let first = try StateFile(replacing: path)
        try first.append([1, 2])
        try first.append([3])
        try first.commit()
        let second = try StateFile(replacing: path)
        try second.append([9])
        #expect(try StateFile.read(path, atMost: 100) == [1, 2, 3])
        try second.commit()
        #expect(try StateFile.read(path, atMost: 100) == [9])
    }
}
