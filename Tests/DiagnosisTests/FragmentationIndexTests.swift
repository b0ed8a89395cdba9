import Diagnosis
import Foundation
import Kernel
import Support
import Testing

@Suite struct FragmentationIndexTests {
    static let captures = Fixture.all.filter { $0.has("sys/kernel/debug/extfrag/extfrag_index") && $0.has("proc/buddyinfo") }

    /// The kernel's own figures stand beside its buddyinfo in every capture.
    @Test(arguments: captures)
    func equalsTheKernelToTheDigit(fixture: Fixture) throws {
        let unusable = try rows(fixture.text("sys/kernel/debug/extfrag/unusable_index"))
        let index = try rows(fixture.text("sys/kernel/debug/extfrag/extfrag_index"))
        let zones = try fixture.buddyInfo().zones
        #expect(zones.map { FragmentationIndex.all(of: $0).map { printed($0.unusable) } } == unusable)
        #expect(zones.map { FragmentationIndex.all(of: $0).map { printed($0.index ?? -1000) } } == index)
    }

    @Test func equalsTheLiveKernelToTheDigit() throws {
        let folder = "/sys/kernel/debug/extfrag/"
        guard FileManager.default.isReadableFile(atPath: folder + "extfrag_index") else {
            print("skipped: \(folder) is not readable (needs root and a mounted debugfs)")
            return
        }
        for _ in 1...200 {
            let before = try live("/proc/buddyinfo")
            let unusable = try rows(String(decoding: live(folder + "unusable_index"), as: UTF8.self))
            let index = try rows(String(decoding: live(folder + "extfrag_index"), as: UTF8.self))
            guard try live("/proc/buddyinfo") == before else { continue }
            let zones = try BuddyInfo(parsing: before).zones
            #expect(zones.map { FragmentationIndex.all(of: $0).map { printed($0.unusable) } } == unusable)
            #expect(zones.map { FragmentationIndex.all(of: $0).map { printed($0.index ?? -1000) } } == index)
            return
        }
        Issue.record("the free lists never held still over one reading in 200")
    }

    /// One free page in one block: 1000 - (1000 + 1 * 1000 / 2) / 1 = -500, which the kernel prints as `0.-500`.
    @Test func theIndexMayBeNegative() {
        let areas = FreeAreas(id: ZoneID(node: 0, name: "DMA"), blocks: [1, 0])
        #expect(FragmentationIndex(of: areas, order: Order(1)).index == -500)
    }

    @Test func nothingFreeIsAllUnusableAndLacksMemory() {
        let index = FragmentationIndex(of: FreeAreas(id: ZoneID(node: 0, name: "DMA"), blocks: [0, 0]), order: Order(0))
        #expect(index.unusable == 1000)
        #expect(index.index == 0)
    }

    @Test func aRequestThatWouldSucceedHasNoIndex() {
        let areas = FreeAreas(id: ZoneID(node: 0, name: "DMA"), blocks: [0, 1])
        #expect(FragmentationIndex(of: areas, order: Order(0)).index == nil)
    }

    private func live(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    /// `Node 0, zone      DMA 0.000 0.-500`
    private func rows(_ text: String) throws -> [[String]] {
        text.split(separator: "\n").map { $0.split(separator: " ").dropFirst(4).map(String.init) }
    }

    /// As the kernel prints it: quotient and C remainder, so that -500 is `0.-500`.
    private func printed(_ thousandths: Int) -> String {
        String(format: "%d.%03d", thousandths / 1000, thousandths % 1000)
    }
}
