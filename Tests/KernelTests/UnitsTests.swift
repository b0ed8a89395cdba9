import Kernel
import Testing

@Suite struct UnitsTests {
    @Test func aPageIsFourKiBOnMostMachines() { #expect(Bytes(Pages(3), of: .fourKiB) == Bytes(12288)) }

    @Test func aPageIsSixtyFourKiBOnSome() { #expect(Bytes(Pages(3), of: .sixtyFourKiB) == Bytes(196_608)) }

    @Test func kernelKilobytesAreKibibytes() { #expect(Bytes(kibibytes: 3) == Bytes(3072)) }

    @Test func aBlockOfOrderThreeHasEightPages() { #expect(Order(3).pages == Pages(8)) }

    @Test func countsNearTheEndOfTheRangeSaturate() {
        #expect(Pages(Int.max) + Pages(1) == Pages(Int.max))
        #expect(Bytes(Pages(Int.max), of: .fourKiB) == Bytes(Int.max))
        #expect(Pages(Int.min) - Pages(1) == Pages(Int.min))
        #expect(Bytes(Pages(Int.min), of: .fourKiB) == Bytes(Int.min))
    }
}
