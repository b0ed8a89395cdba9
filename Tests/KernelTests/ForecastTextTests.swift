import Kernel
import Support
import Testing

/// What is read for a forecast: node lists, the rest of `status`, policies, and the files of cgroups.
@Suite struct ForecastTextTests {
    @Test(arguments: [
        ("0", [0]), ("0-1", [0, 1]), ("0,2-3", [0, 2, 3]), ("1023", [1023]),
    ])
    func aListOfNodesIsASet(text: String, nodes: [Int]) throws {
        let set = try #require(NodeSet(parsing: text.utf8))
        #expect(set.nodes == Set(nodes))
        #expect(set.description == text)
    }

    @Test(arguments: ["", "x", "1-", "-1", "2-1", "0,,1", "0-1-2", "1024", "99999999999999999999", " 0", "0\n"])
    func whatIsNoListIsNone(text: String) { #expect(NodeSet(parsing: text.utf8) == nil) }

    @Test func nodesMeetOrDoNot() {
        #expect(NodeSet([0, 1]).intersects(NodeSet([1, 2])))
        #expect(!NodeSet([0]).intersects(NodeSet([1])))
        #expect(NodeSet([0, 1]).isSuperset(of: NodeSet([1])))
    }

    /// The lines of `bound` in the capture: RssAnon 177604, RssFile 4, RssShmem 796 kB; nodes 0-1.
    @Test func statusTellsKindsAndNodes() throws {
        let details = StatusDetails(parsing: try Fixture("6.1-amd64-numa-mempolicy").bytes("proc/124/status"))
        #expect(details.kinds?.anonymous == Bytes(kibibytes: 177_604))
        #expect(details.kinds?.file == Bytes(kibibytes: 4))
        #expect(details.kinds?.shared == Bytes(kibibytes: 796))
        #expect(details.allowedNodes == NodeSet([0, 1]))
        #expect(!details.isKillPending)
    }

    /// SIGKILL is the ninth signal: bit 8 of the mask, of the thread or of all threads.
    @Test(arguments: ["SigPnd:\t0000000000000100\n", "SigPnd:\t0\nShdPnd:\t0000000000004100\n"])
    func aKillOnItsWayIsSeen(text: String) { #expect(StatusDetails(parsing: Array(text.utf8)).isKillPending) }

    @Test(arguments: ["SigPnd:\t0000000000000200\n", "ShdPnd:\t0000000000004000\n", "SigBlk:\t0000000000000100\n", ""])
    func anotherSignalIsNoKill(text: String) { #expect(!StatusDetails(parsing: Array(text.utf8)).isKillPending) }

    @Test(arguments: [
        ("00400000 default file=/bin/sleep mapped=4 N0=4\n", MemoryPolicy.free),
        ("00400000 bind:1 file=/bin/scene mapped=164 N1=164\n", .bound(NodeSet([1]))),
        ("7f0000000000 bind=static:0,2-3 anon=1\n", .bound(NodeSet([0, 2, 3]))),
        ("00400000 prefer:1 anon=1\n", .free), ("00400000 interleave:0-1 anon=1\n", .free),
        ("", .unknown), ("00400000", .unknown), ("00400000 bind:x\n", .unknown),
        // 64 bytes are read: this list may go on.
        ("7f0000000000 bind:0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,", .unknown), ("7f0000000000 bind:0,1", .unknown),
        ("7f0000000000 bind:0-1\n", .bound(NodeSet([0, 1]))),
    ])
    func aMappingShowsThePolicy(line: String, policy: MemoryPolicy) {
        #expect(MemoryPolicy(parsingMapping: Array(line.utf8)) == policy)
    }

    @Test func aRollupTellsWhatIsItsOwn() throws {
        let text = """
            55d0c6c00000-7ffe8b5c9000 ---p 00000000 00:00 0                          [rollup]
            Rss:                1000 kB
            Pss:                 700 kB
            Pss_Anon:            500 kB
            Shared_Clean:        300 kB
            Shared_Dirty:        100 kB
            Private_Clean:        50 kB
            Private_Dirty:       550 kB
            Anonymous:           600 kB
            Swap:                 12 kB

            """
        let rollup = try #require(MemoryRollup(parsing: Array(text.utf8)))
        #expect(rollup.ownPages == Bytes(kibibytes: 600))
        #expect(rollup.anonymous == Bytes(kibibytes: 600))
        #expect(rollup.anonymousShare == Bytes(kibibytes: 500))
        #expect(rollup.swapped == Bytes(kibibytes: 12))
        #expect(MemoryRollup(parsing: Array("Rss: 1 kB\n".utf8)) == nil)
    }

    @Test func eventsAreCounted() throws {
        let events = MemoryCgroup.Events(parsing: Array("low 0\nhigh 5\nmax 7\noom 2\noom_kill 1\noom_group_kill 0\n".utf8))
        #expect((events.low, events.high, events.max) == (0, 5, 7))
        #expect((events.oom, events.oomKill, events.oomGroupKill) == (2, 1, 0))
        #expect(MemoryCgroup.Events(parsing: Array("oom x\n".utf8)).oom == nil)
    }

    @Test(arguments: [UInt64(7), 8, 9])
    func anyBytesAreSurvived(seed: UInt64) throws {
        let status = try Fixture("6.1-amd64-numa-mempolicy").bytes("proc/124/status")
        let rollup = Array("Rss: 1000 kB\nAnonymous: 600 kB\nPrivate_Dirty: 9 kB\nPss_Anon: 5 kB\n".utf8)
        let texts = [
            status, rollup, Array("00400000 bind:0-1 file=/x\n".utf8), Array("0-3,7".utf8), Array("oom 1\nhigh 2\n".utf8),
        ]
        for text in texts {
            for damaged in Hostile.mutations(of: text, count: 500, seed: seed) + Hostile.prefixes(of: text, step: 3) {
                _ = (StatusDetails(parsing: damaged), MemoryRollup(parsing: damaged), MemoryPolicy(parsingMapping: damaged))
                _ = (NodeSet(parsing: damaged), MemoryCgroup.Events(parsing: damaged))
            }
        }
    }
}
