import Kernel
import Testing

@testable import Representation

@Suite struct HistoryTextTests {
    @Test func barsStandForTheirShareOfTheHighest() {
        #expect(Sparkline.text([0, 1, nil, 7, 8]) == "▁▂ ██")
        #expect(Sparkline.text([]) == "")
        #expect(Sparkline.text([Int.max, Int.min, 0]) == "█▁▁")
        #expect(Sparkline.text([1, 9, 2, 3], width: 2) == "█▃")
    }

    /// 1,790,000,000 s are 2026-09-21T14:13:20Z.
    @Test(arguments: [
        ("2026-09-21T14:13:20Z", 1_790_000_000_000_000_000), ("2026-09-21T16:13:20.25+02:00", 1_790_000_000_250_000_000),
        ("2026-09-21t09:13:20.000000001-05:00", 1_790_000_000_000_000_001), ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
    ])
    func timesAreRead(text: String, nanoseconds: Int) {
        #expect(Timestamp(rfc3339: text) == Timestamp(unixNanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "2026", "2026-13-01T00:00:00Z", "2026-09-21T14:13:20", "2026-09-21T14:13:20.Z", "2026-09-21T14:13:20Zx",
        "9999-09-21T14:13:20Z",
    ])
    func whatIsNoTimeIsNone(text: String) { #expect(Timestamp(rfc3339: text) == nil) }
}
