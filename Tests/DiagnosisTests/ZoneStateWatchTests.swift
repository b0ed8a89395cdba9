import Diagnosis
import Kernel
import Support
import Testing

/// Of the capture, DMA32 has min 931, low 1163 and high 1395 pages.
@Suite struct ZoneStateWatchTests {
    private func change(_ watch: inout ZoneStateWatch, free: Int) throws -> ZoneChange? {
        let fixture = Fixture("6.1-amd64-movable-dry")
        let text = String(decoding: try fixture.bytes("proc/zoneinfo"), as: UTF8.self)
        let changed = text.replacing("pages free     1162\n", with: "pages free     \(free)\n")
        let zoneInfo = try ZoneInfo(parsing: Array(changed.utf8))
        let snapshot = try fixture.snapshot()
        return watch.note(Assessment(of: snapshot, zoneInfo: zoneInfo), snapshot)
    }

    private func steps(_ change: ZoneChange?) -> [String] {
        change?.zones.map { "\($0.zone.id.name) \($0.before.rawValue) \($0.state.rawValue)" } ?? []
    }

    @Test func theFirstReadingIsNoChange() throws {
        var watch = ZoneStateWatch()
        #expect(try change(&watch, free: 1162) == nil)
    }

    @Test func aStateThatIsReadTwiceIsTold() throws {
        var watch = ZoneStateWatch()
        for free in [1162, 1300] { #expect(steps(try change(&watch, free: free)) == []) }
        #expect(steps(try change(&watch, free: 1300)) == ["DMA32 below_low below_high"])
        #expect(try change(&watch, free: 1300) == nil)
    }

    @Test func aStateThatSwingsIsNotTold() throws {
        var watch = ZoneStateWatch()
        for free in [1162, 1300, 1162, 1300, 1162] { #expect(steps(try change(&watch, free: free)) == []) }
    }

    @Test func belowMinIsToldAtOnce() throws {
        var watch = ZoneStateWatch()
        _ = try change(&watch, free: 1300)
        #expect(steps(try change(&watch, free: 931)) == ["DMA32 below_high below_min"])
    }
}
