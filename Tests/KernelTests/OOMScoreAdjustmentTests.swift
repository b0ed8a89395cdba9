import Kernel
import Testing

@Suite struct OOMScoreAdjustmentTests {
    @Test func hasAThousandStepsEitherWay() {
        #expect(OOMScoreAdjustment(-1000) == .exempt)
        #expect(OOMScoreAdjustment(1000)?.rawValue == 1000)
        #expect(OOMScoreAdjustment(-1001) == nil)
        #expect(OOMScoreAdjustment(1001) == nil)
    }

    /// fs/proc/base.c, oom_adj_write(): `oom_adj * OOM_SCORE_ADJ_MAX / -OOM_DISABLE`, and 15 is the maximum.
    @Test(arguments: [
        (-17, -1000), (-16, -941), (-10, -588), (-1, -58), (0, 0), (1, 58), (5, 294), (7, 411), (10, 588), (14, 823), (15, 1000),
    ])
    func theOldScaleIsConvertedAsTheKernelDoes(oomAdj: Int, scoreAdj: Int) throws {
        let adjustment = try #require(OOMScoreAdjustment(oomAdj: oomAdj))
        #expect(adjustment.rawValue == scoreAdj)
        #expect(adjustment.oomAdj == oomAdj)
    }

    @Test(arguments: [-18, 16, Int.min, Int.max])
    func theOldScaleHasItsOwnEnds(oomAdj: Int) { #expect(OOMScoreAdjustment(oomAdj: oomAdj) == nil) }

    @Test(arguments: [(-999, -16), (999, 14), (-30, -1), (29, 0), (30, 1)])
    func nothingIsExemptByRounding(scoreAdj: Int, oomAdj: Int) throws {
        #expect(try #require(OOMScoreAdjustment(scoreAdj)).oomAdj == oomAdj)
    }

    /// fs/proc/base.c, oom_adj_read(): `oom_score_adj * -OOM_DISABLE / OOM_SCORE_ADJ_MAX`.
    @Test(arguments: [(-1000, -17), (-941, -15), (58, 0), (59, 1), (411, 6), (823, 13), (1000, 15), (0, 0)])
    func whatIsReadBackHasLostAStep(scoreAdj: Int, shown: Int) throws {
        #expect(try #require(OOMScoreAdjustment(scoreAdj)).shownAsOOMAdj(by: KernelVersion(6, 1)) == shown)
    }

    @Test func kernelsBefore510ShowSixteen() throws {
        let adjustment = try #require(OOMScoreAdjustment(942))
        #expect(adjustment.shownAsOOMAdj(by: KernelVersion(5, 9, 16)) == 16)
        #expect(adjustment.shownAsOOMAdj(by: KernelVersion(5, 10)) == 15)
        #expect(adjustment.shownAsOOMAdj(by: KernelVersion(3, 2)) == nil)
    }

    @Test func readsTheFile() throws {
        #expect(try OOMScoreAdjustment(parsing: Array("-1000\n".utf8)) == .exempt)
        #expect(try OOMScoreAdjustment(parsing: Array("0\n".utf8)) == .neutral)
        #expect(try OOMScoreAdjustment(parsingOOMAdj: Array("-17\n".utf8)) == .exempt)
        #expect(try OOMScoreAdjustment(parsingOOMAdj: Array("7\n".utf8)).rawValue == 411)
    }

    @Test(arguments: ["", "-", "x", "1001", "-1001", "5 5", "99999999999999999999", "-99999999999999999999", "\n0"])
    func refusesWhatTheKernelNeverPrints(text: String) {
        #expect(throws: ParseError.self) { try OOMScoreAdjustment(parsing: Array(text.utf8)) }
        #expect(throws: ParseError.self) { try OOMScoreAdjustment(parsingOOMAdj: Array(text.utf8)) }
    }

    @Test func saysWhatItExpected() {
        let error = ParseError(source: "oom_score_adj", line: 1, expected: "a number from -1000 to 1000", found: "1001")
        #expect(throws: error) { try OOMScoreAdjustment(parsing: Array("1001\n".utf8)) }
        #expect(error.description == #"oom_score_adj:1: expected a number from -1000 to 1000, found "1001""#)
    }
}
