import Kernel
import Testing

@testable import Representation

@Suite struct TimeReadingTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-09-21T14:13:20.250Z", 1_790_000_000_250_000_000),
        ("2026-09-21 16:13:20+02:00", 1_790_000_000_000_000_000), ("2026-09-21T09:13:20,5-05:00", 1_790_000_000_500_000_000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000),
    ])
    func aTimeWithItsZoneIsRead(text: String, nanoseconds: Int) {
        #expect(Timestamp(rfc3339: text)?.unixNanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "now", "2026-09-21", "2026-09-21T14:13:20", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-09-21T24:00:00Z",
        "2026-09-21T14:13:20.Z", "2026-09-21T14:13:20Zx", "9999-12-31T23:59:59Z", "٢٠26-09-21T14:13:20Z",
    ])
    func anythingElseIsNoTime(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func aSpanCountsBackFromNow() {
        let now = Timestamp(unixNanoseconds: 1_790_000_000_000_000_000)
        #expect(Timestamp(ago: "7d", before: now)?.unixNanoseconds == 1_789_395_200_000_000_000)
        #expect(Nanoseconds(span: "90s")?.count == 90_000_000_000)
        for text in ["", "7", "d", "-1d", "+1d", "1w", "9223372036854775807d", "1.5h"] {
            #expect(Nanoseconds(span: text) == nil, "\(text)")
        }
    }
}

@Suite struct KillsCSVTests {
    @Test func aNameThatBeginsLikeAFormulaOrHoldsACommaIsQuoted() {
        var report = OOMReport(kind: .kill, at: LogLine(number: 1, text: []))
        report.victims = [Victim(processID: ProcessID(7), comm: "=1,\"x\"")]
        let event = OOMEvent(id: "b-1", report: report, killedAt: nil)
        let row = String(decoding: KillsCSV.rows(OOMKillsEntry(event, nil, OOMKillsEntry.Record(kind: "kill"))), as: UTF8.self)
        #expect(row == "0,b-1,kill,,unknown,,,7,\"'=1,\"\"x\"\"\",,,,,,,,,,,,,\r\n")
        #expect(row.filter { $0 == "," }.count == KillsCSV.head.filter { $0 == UInt8(ascii: ",") }.count + 1)
    }
}
