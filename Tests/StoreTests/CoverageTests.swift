import Kernel
import Support
import Testing

@testable import Store

@Suite struct CoverageTests {
    /// Of records `sequences`, one a second.
    private func span(_ sequences: ClosedRange<UInt64>, boot: String = "b") -> CoveredSpan {
        let seconds = Int(sequences.lowerBound)...Int(sequences.upperBound)
        return CoveredSpan(
            bootID: boot, sequences: sequences,
            kernelTime: TimeSinceBoot(seconds: seconds.lowerBound)...TimeSinceBoot(seconds: seconds.upperBound),
            time: (midnight + seconds.lowerBound * second)...(midnight + seconds.upperBound * second))
    }

    @Test func whatContinuesASpanMakesItLonger() throws {
        let scene = try Scene()
        try scene.store.cover(span(1...10))
        try scene.store.cover(span(11...20))
        try scene.store.cover(span(5...15))
        #expect(try scene.store.coverage(ofBoot: "b") == [span(1...20)])
    }

    @Test func aGapKeepsThemApartUntilItIsRead() throws {
        let scene = try Scene()
        try scene.store.cover(span(1...10))
        try scene.store.cover(span(12...20))
        #expect(try scene.store.coverage(ofBoot: "b").count == 2)
        try scene.store.cover(span(11...11))
        #expect(try scene.store.coverage(ofBoot: "b") == [span(1...20)])
    }

    @Test func anotherBootIsAnotherSpan() throws {
        let scene = try Scene()
        try scene.store.cover(span(1...10))
        try scene.store.cover(span(11...20, boot: "c"))
        #expect(try scene.store.coverage(touching: midnight...(midnight + 100 * second)).count == 2)
        #expect(try scene.store.coverage(touching: (midnight + 11 * second)...(midnight + 12 * second)).map(\.bootID) == ["c"])
    }

    @Test func theGapsOfATimeAreWhatNoSpanCovers() {
        let wanted = midnight...(midnight + 30 * second)
        #expect(CoveredSpan.gaps(in: wanted, leftBy: []) == [wanted])
        let gaps = CoveredSpan.gaps(in: wanted, leftBy: [span(20...25), span(5...10), span(8...12)])
        #expect(
            gaps == [
                midnight...(midnight + 5 * second), (midnight + 12 * second)...(midnight + 20 * second),
                (midnight + 25 * second)...(midnight + 30 * second),
            ])
        #expect(CoveredSpan.gaps(in: wanted, leftBy: [span(0...30)]).isEmpty)
    }
}
