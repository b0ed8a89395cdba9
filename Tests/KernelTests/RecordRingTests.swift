import Kernel
import Support
import Testing

@Suite struct RecordRingTests {
    private static let second = 1_000_000_000

    private func time(_ seconds: Int, wall: Int? = nil) -> RecordedTime {
        RecordedTime(
            sinceBoot: Nanoseconds(seconds * Self.second),
            wall: Timestamp(unixNanoseconds: (wall ?? 1_000_000 + seconds) * Self.second))
    }

    private func wall(_ seconds: Int) -> Timestamp { Timestamp(unixNanoseconds: (1_000_000 + seconds) * Self.second) }

    private let always = (Timestamp(unixNanoseconds: 0), Timestamp(unixNanoseconds: Int.max))

    private func row(free: Int, blocks: String = "5 2 1") -> SampleRow {
        let layout = SampleLayout(zones: [ZoneID(node: 0, name: "Normal")], orders: 3)
        var row = SampleRow(layout: layout)
        row.read(memInfo: Array("MemFree:  \(free) kB\n".utf8))
        let isRead = row.read(buddyInfo: Array("Node 0, zone   Normal  \(blocks) \n".utf8))
        #expect(isRead)
        return row
    }

    @Test func tellsWhatWasAppended() {
        var ring = RecordRing(blocks: 2, boot: 7)
        ring.append(row(free: 300), at: time(1))
        ring.append(row(free: 200, blocks: "4 2 1"), at: time(2))
        let samples = ring.recording(from: always.0, to: always.1).samples
        #expect(samples.map { $0[.memFree] } == [300, 200])
        #expect(samples.map { $0.areas(ofZone: 0)?.free } == [Pages(13), Pages(12)])
        #expect(samples.map(\.time) == [time(1), time(2)])
        #expect(samples.map(\.boot) == [7, 7])
    }

    @Test func aNumberThatWasNotReadIsNone() {
        var ring = RecordRing(blocks: 1, boot: 1)
        ring.append(row(free: 300), at: time(1))
        let samples = ring.recording(from: always.0, to: always.1).samples
        #expect(samples.count == 1 && samples[0][.oomKills] == nil)
    }

    @Test func anUnchangedSampleTakesFewBytes() {
        var ring = RecordRing(blocks: 4, boot: 1)
        ring.append(row(free: 300), at: time(1))
        let before = ring.image.count
        for second in 2...101 { ring.append(row(free: 300), at: time(second)) }
        // Kind, time in up to 3 bytes, length in 2, a zero and its count.
        #expect(ring.image.count - before <= 100 * 8)
    }

    @Test func forgetsTheOldestBlockAndKeepsTheRest() {
        var ring = RecordRing(blocks: 3, boot: 1)
        for second in 0..<20_000 { ring.append(row(free: second * 37 % 9_001), at: time(second)) }
        let samples = ring.recording(from: always.0, to: always.1).samples
        #expect(samples.last?.time == time(19_999))
        #expect(samples.last?[.memFree] == 19_999 * 37 % 9_001)
        let seconds = samples.map { $0.time.sinceBoot.count / Self.second }
        #expect(seconds == Array(20_000 - samples.count..<20_000))
        #expect(samples.count > 2_000 && samples.count < 20_000)
        #expect(ring.dropped == 0)
    }

    @Test func tellsARangeAndOneReadingOfEachStep() {
        var ring = RecordRing(blocks: 8, boot: 1)
        for second in 0..<600 { ring.append(row(free: second), at: time(second)) }
        let some = ring.recording(from: wall(100), to: wall(109))
        #expect(some.samples.map { $0[.memFree] } == Array(100...109))
        // 1,000,100 is a multiple of 10.
        let coarse = ring.recording(from: wall(100), to: wall(139), step: Nanoseconds(10 * Self.second))
        #expect(coarse.samples.map { $0[.memFree] } == [100, 110, 120, 130])
    }

    @Test func survivesAClockThatIsSet() {
        var ring = RecordRing(blocks: 4, boot: 1)
        ring.append(row(free: 1), at: time(1))
        ring.append(row(free: 2), at: time(2, wall: 913_600))
        ring.append(row(free: 3), at: time(3, wall: 913_601))
        let samples = ring.recording(from: always.0, to: always.1).samples
        #expect(samples.map { $0.time.wall.unixNanoseconds / Self.second } == [1_000_001, 913_600, 913_601])
        #expect(samples.map { $0.time.sinceBoot.count / Self.second } == [1, 2, 3])
    }

    @Test func aSuspendedNightIsAGap() {
        var ring = RecordRing(blocks: 4, boot: 1)
        ring.append(row(free: 1), at: time(1))
        ring.append(row(free: 2), at: time(30_001))
        let samples = ring.recording(from: always.0, to: always.1).samples
        #expect(samples.map(\.time) == [time(1), time(30_001)])
    }

    @Test func otherZonesBeginAnotherBlock() {
        var ring = RecordRing(blocks: 4, boot: 1)
        ring.append(row(free: 1), at: time(1))
        ring.append(SampleRow(layout: SampleLayout(zones: [ZoneID(node: 1, name: "Movable")], orders: 2)), at: time(2))
        let zones = ring.recording(from: always.0, to: always.1).samples.map { $0.layout.zones.map(\.description) }
        #expect(zones == [["Node 0, zone Normal"], ["Node 1, zone Movable"]])
    }

    @Test func whatFitsIntoNoBlockIsCountedAndHarmless() {
        var ring = RecordRing(blocks: 2, boot: 1)
        ring.append(row(free: 1), at: time(1))
        let zones = (0..<900).map { ZoneID(node: $0, name: "a zone with a very long name indeed") }
        ring.append(SampleRow(layout: SampleLayout(zones: zones, orders: 11)), at: time(2))
        ring.append(row(free: 3), at: time(3))
        #expect(ring.dropped == 1)
        #expect(ring.recording(from: always.0, to: always.1).samples.last?[.memFree] == 3)
    }

    @Test func restoresAnImageAndGoesOn() {
        var before = RecordRing(blocks: 4, boot: 1)
        for second in 0..<5_000 { before.append(row(free: second), at: time(second)) }
        let kept = before.recording(from: always.0, to: always.1).samples
        var after = RecordRing(blocks: 6, boot: 2)
        after.restore(before.image)
        after.append(row(free: 9), at: time(3, wall: 2_000_000))
        let samples = after.recording(from: always.0, to: always.1).samples
        #expect(samples.dropLast() == kept[...])
        #expect(samples.last?.boot == 2)
    }

    @Test func damagedImagesDoNotTrap() {
        var ring = RecordRing(blocks: 2, boot: 1)
        for second in 0..<200 { ring.append(row(free: second * 991), at: time(second)) }
        ring.append(scan(at: time(201)))
        let image = ring.image
        for damaged in Hostile.mutations(of: image, count: 300, seed: 5) + Hostile.prefixes(of: image, step: 97) {
            var other = RecordRing(blocks: 3, boot: 1)
            other.restore(damaged)
            _ = other.recording(from: always.0, to: always.1).samples.map { $0.areas(ofZone: 0)?.free }
        }
    }

    private func scan(at time: RecordedTime) -> ProcessScan {
        ProcessScan(
            time: time, total: 200,
            processes: [
                RecordedProcess(
                    ProcessID(42), CommandName([0xff, 10]), adjustment: -1000,
                    size: (Bytes(kibibytes: 5000), Bytes(kibibytes: 70)),
                    growth: (Bytes(kibibytes: -30), Nanoseconds(600 * Self.second)))
            ])
    }

    @Test func keepsProcessesCgroupsAndMargins() {
        var group = RecordedCgroup(path: CgroupPath("/box.slice/a".utf8))
        group.usage = Bytes(kibibytes: 47_608)
        group.high = Bytes(kibibytes: 40_960)
        (group.highEvents, group.pressureFullMicroseconds, group.killsAll) = (410, 15_354_371, true)
        var other = RecordedCgroup(path: CgroupPath("/box.slice/b".utf8))
        (other.maximum, other.isUnderOOM) = (Bytes(kibibytes: 65_536), true)
        let cgroups = CgroupScan(time: time(4), groups: [group, other])
        let margin = MarginReading.Margin(
            zone: ZoneID(node: 0, name: "DMA32"), free: Pages(900),
            watermarks: Watermarks(min: Pages(1000), low: Pages(1250), high: Pages(1500)))
        let margins = MarginReading(time: time(5), zones: [margin])
        var ring = RecordRing(blocks: 2, boot: 1)
        ring.append(scan(at: time(3)))
        ring.append(cgroups)
        ring.append(margins)
        let recording = ring.recording(from: always.0, to: always.1)
        #expect(recording.processes == [scan(at: time(3))])
        #expect(recording.cgroups == [cgroups])
        #expect(recording.margins == [margins])
        #expect(group.limit == Bytes(kibibytes: 40_960))
    }

    @Test func aTimelineComesBackFromItsBytes() throws {
        var ring = RecordRing(blocks: 8, boot: 3)
        for second in 0..<70 { ring.append(row(free: second), at: time(second)) }
        ring.append(scan(at: time(70)))
        let fine = ring.recording(from: wall(0), to: wall(69))
        let coarse = ring.recording(from: wall(0), to: wall(70), step: Nanoseconds(15 * Self.second))
        let back = try #require(Timeline(decoding: Timeline(fine: fine, coarse: coarse).encoded))
        #expect(back.fine.samples == fine.samples)
        #expect(back.coarse.samples == coarse.samples)
        #expect(back.coarse.processes == [scan(at: time(70))])
        #expect(Timeline(decoding: [9, 1]) == nil)
    }

    /// The numbers are read off the capture's files.
    @Test func readsTheTextsOfARealMachine() throws {
        let fixture = Fixture("6.1-amd64-cache-thrash")
        let buddyInfo = try fixture.bytes("t-06/proc/buddyinfo")
        var row = SampleRow(layout: SampleLayout(of: try BuddyInfo(parsing: buddyInfo)))
        row.read(memInfo: try fixture.bytes("t-06/proc/meminfo"))
        row.read(vmStat: try fixture.bytes("t-06/proc/vmstat"))
        row.read(memoryPressure: try fixture.bytes("t-06/proc/pressure/memory"))
        let isRead = row.read(buddyInfo: buddyInfo)
        #expect(isRead)
        let sample = RecordedSample(time: time(1), boot: 1, row: row)
        #expect(sample.bytes(.memAvailable) == Bytes(kibibytes: 46840))
        #expect(sample[.kernelStack] == 944)
        #expect(sample[.allocationStalls] == 37)
        #expect(sample[.fileRefaults] == 138_756)
        #expect(sample[.scannedDirectly] == 1667)
        #expect(sample[.pressureFull] == 9_944_381)
        #expect(sample[.pressureFull10] == 2652)
        #expect(sample.areas(ofZone: 1)?.blocks == [88, 66, 26, 15, 5, 6, 2, 0, 0, 0, 0])
        let isOther = row.read(buddyInfo: Array("Node 0, zone Normal 1\n".utf8))
        #expect(!isOther)
    }
}
