import Diagnosis
import Kernel
import Support
import Testing

/// What a stall is, on captures of machines that had one and that had none.
@Suite struct StallDetectorTests {
    private static func time(_ milliseconds: Int) -> RecordedTime {
        RecordedTime(
            sinceBoot: Nanoseconds(milliseconds * 1_000_000),
            wall: Timestamp(unixNanoseconds: 1_790_000_000_000_000_000 + milliseconds * 1_000_000))
    }

    private static func row(_ fixture: Fixture, _ folder: String) throws -> SampleRow {
        var row = SampleRow()
        row.read(memInfo: try fixture.bytes("\(folder)/proc/meminfo"))
        row.read(vmStat: try fixture.bytes("\(folder)/proc/vmstat"))
        row.read(memoryPressure: try fixture.bytes("\(folder)/proc/pressure/memory"))
        return row
    }

    private static func stalls(_ name: String, _ series: [(String, Int)]) throws -> (changes: [Stall], open: [Stall]) {
        let fixture = Fixture(name)
        var detector = StallDetector()
        var changes: [Stall] = []
        for (folder, milliseconds) in series { changes += detector.note(try row(fixture, folder), at: time(milliseconds)) }
        return (changes, detector.current)
    }

    private static let thrash = [
        ("t-01", 2_970), ("t-02", 14_068), ("t-03", 24_863), ("t-04", 35_589), ("t-05", 46_406), ("t-06", 57_180),
        ("t-07", 67_921), ("t-08", 79_213),
    ]

    /// From t-03 to t-04 `full` grew by 2.57 s in 10.7 s, which is 24 %, and 43,434 pages of a cache of 90 MiB were read back.
    @Test func aMachineWhoseCacheIsReadAgainAndAgainStalls() throws {
        let (changes, open) = try Self.stalls("6.1-amd64-cache-thrash", Self.thrash)
        #expect(changes.map(\.owner) == [.machine])
        #expect(changes.map(\.begin) == [Self.time(35_589)])
        #expect(changes.first?.reasons == [.pressure, .refaults, .allocationStalls])
        #expect(open.count == 1)
    }

    /// At the end `full` is down to 4.9 %, and the refaults are as many as ever.
    @Test func itGoesOnWhilePressureFallsAndRefaultsDoNot() throws {
        let (_, open) = try Self.stalls("6.1-amd64-cache-thrash", Self.thrash)
        let stall = try #require(open.first)
        #expect(stall.end == nil)
        // 4,652,656 µs of the 10.817 s from t-04 to t-05.
        #expect(stall.worst.fullHundredths == 4_301)
    }

    @Test func filesThatFillRAMAsCacheAreNoStall() throws {
        let series = [("start", 2_787), ("before", 16_583), ("before-2", 31_030), ("after", 45_132)]
        #expect(try Self.stalls("6.1-amd64-cache-healthy", series).changes.isEmpty)
    }

    /// The machine's own `full` is at 86 %, but it reclaims nothing.
    @Test func aThrottledGroupIsNoStallOfTheMachine() throws {
        let series = [("start", 3_318), ("before", 12_173), ("before-2", 20_481), ("after", 29_651)]
        #expect(try Self.stalls("6.1-amd64-memcg-high", series).changes.isEmpty)
    }

    @Test func aSlowLeakThatSwapsALittleIsNoStall() throws {
        let series = (1...12).map { ($0 < 10 ? "t-0\($0)" : "t-\($0)", 2_390 + ($0 - 1) * 6_400) }
        #expect(try Self.stalls("6.1-amd64-slow-leak", series).changes.isEmpty)
    }

    private static func scan(_ folder: String, at milliseconds: Int) throws -> CgroupScan {
        let fixture = Fixture("6.1-amd64-memcg-high")
        var group = RecordedCgroup(path: CgroupPath("/box".utf8))
        group.read(events: try fixture.bytes("\(folder)/sys/fs/cgroup/box/memory.events.local"))
        group.read(pressure: try fixture.bytes("\(folder)/sys/fs/cgroup/box/memory.pressure"))
        return CgroupScan(time: time(milliseconds), groups: [group])
    }

    /// 308 and 410 `high` events; 8.282275 s of `full` in 8.308 s.
    @Test func theThrottledGroupItselfStalls() throws {
        var detector = StallDetector()
        #expect(detector.note(try Self.scan("before", at: 12_173)).isEmpty)
        let changes = detector.note(try Self.scan("before-2", at: 20_481))
        #expect(changes.map(\.owner) == [.cgroup(CgroupPath("/box".utf8))])
        #expect(changes.first?.reasons == [.memoryHigh])
        #expect(changes.first?.worst.limitEventsPerSecond == 12)
        #expect(changes.first?.worst.fullHundredths == 9_969)
    }

    @Test func aGroupsStallEndsWhenItIsLeftInPeace() throws {
        var detector = StallDetector()
        _ = detector.note(try Self.scan("before", at: 12_173))
        _ = detector.note(try Self.scan("before-2", at: 20_481))
        #expect(detector.note(try Self.scan("before-2", at: 30_000)).isEmpty)
        let ended = detector.note(try Self.scan("before-2", at: 40_000))
        #expect(ended.map(\.end) == [Self.time(30_000)])
        #expect(detector.current.isEmpty)
    }

    @Test func aGroupThatMayNotKillStallsUnderOOM() {
        var group = RecordedCgroup(path: CgroupPath("/box".utf8))
        group.read(oomControl: Array("oom_kill_disable 1\nunder_oom 1\noom_kill 0\n".utf8))
        var detector = StallDetector()
        _ = detector.note(CgroupScan(time: Self.time(0), groups: [group]))
        #expect(detector.note(CgroupScan(time: Self.time(10_000), groups: [group])).first?.reasons == [.underOOM])
    }

    @Test func aHungTaskIsAboutMemoryOnlyWhereMemoryWasShort() throws {
        var detector = StallDetector()
        #expect(detector.noteHungTask(at: Self.time(1_000)).isEmpty)
        for (folder, milliseconds) in Self.thrash.prefix(4) {
            _ = detector.note(try Self.row(Fixture("6.1-amd64-cache-thrash"), folder), at: Self.time(milliseconds))
        }
        #expect(detector.noteHungTask(at: Self.time(40_000)).isEmpty)
        #expect(detector.current.first?.reasons.contains(.hungTask) == true)
    }

    @Test func aNightAsleepIsNeitherPressureNorAnEnd() throws {
        let fixture = Fixture("6.1-amd64-cache-thrash")
        var detector = StallDetector()
        _ = detector.note(try Self.row(fixture, "t-03"), at: Self.time(24_863))
        #expect(detector.note(try Self.row(fixture, "t-08"), at: Self.time(40_000_000)).isEmpty)
        #expect(detector.current.isEmpty)
    }
}
