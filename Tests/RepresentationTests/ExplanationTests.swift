import Diagnosis
import Kernel
import Testing

@testable import Representation

@Suite struct ExplanationTests {
    private static func text(_ style: TextStyle) -> String {
        Explanation(of: SampleReport.article, SampleReport.articleDiagnosis, style: style).text
    }

    @Test(arguments: [60, 80, 120, 140])
    func noLineIsWiderThanTheTerminal(width: Int) {
        for isVerbose in [false, true] {
            let text = Self.text(TextStyle(width: width, isVerbose: isVerbose))
            for line in text.split(separator: "\n") where !line.hasPrefix("      ") {
                #expect(line.count <= width, "\(line)")
            }
        }
    }

    @Test func theArticleFitsOneScreen() {
        #expect(Self.text(TextStyle(width: 80)).split(separator: "\n", omittingEmptySubsequences: false).count <= 50)
    }

    /// A command may be pasted from the first screen.
    @Test func theRiskOfAChangeIsOnTheFirstScreen() {
        let text = Self.text(TextStyle(width: 80))
        #expect(text.contains("    HighMem requests then leave more of Normal alone\n"))
        #expect(text.contains("    Risk: Less of Normal can hold page cache.\n"))
    }

    @Test func anEffectIsOneLineOfWholeClauses() {
        let style = TextStyle(width: 60)
        let why = "it is kept from processes: twice as much as before; and more words than a line of sixty columns can hold"
        #expect(Paragraph.clause(of: why, style: style, indent: 4) == "    it is kept from processes: twice as much as before")
        let endless = String(repeating: "word ", count: 30)
        #expect(Paragraph.clause(of: endless, style: style, indent: 4).hasSuffix(" …"))
        #expect(Paragraph.clause(of: "short", style: style, indent: 4) == "    short")
    }

    @Test func theKernelsRingHasRecords() {
        var report = SampleReport.article
        report.transport = .kmsg
        var style = TextStyle()
        style.isLive = true
        let text = Explanation(of: report, SampleReport.articleDiagnosis, style: style).text
        #expect(text.contains("kmsg records 1-12"))
        #expect(text.contains("  record 5  "))
        #expect(!text.contains("line 5"))
    }

    @Test(arguments: [
        ("2026-09-21T14:13:20.123456+00:00", "2026-09-21T14:13:20.123456Z"),
        ("2026-09-21T14:13:20,5+00:00", "2026-09-21T14:13:20.5Z"), ("2026-09-21T14:13:20Z", "2026-09-21T14:13:20.000Z"),
    ])
    func aTimeKeepsItsFraction(text: String, shown: String) {
        #expect(WallTime(text: text, unixSeconds: 1_790_000_000).shown == shown)
    }

    @Test func aCounterWithoutLimitHasNoneToFail() {
        var report = SampleReport.article
        let line = QuotedLine(number: 3, bytes: [])
        report.memcg = MemcgUsage()
        report.memcg?.memory = MemcgUsage.Counter(
            usage: Bytes(mebibytes: 64), limit: Bytes(mebibytes: 64), failures: 2, line: line)
        report.memcg?.kernel = MemcgUsage.Counter(usage: Bytes(mebibytes: 3), limit: nil, failures: 0, line: line)
        let text = CgroupPicture(of: report, TextStyle()).lines.joined(separator: "\n")
        #expect(text.contains("64 MiB of 64 MiB, failed 2×"))
        #expect(!text.contains("no limit") && !text.contains("0×"))
    }

    @Test func withoutColourNoByteOfAnEscapeIsWritten() {
        #expect(!Self.text(TextStyle(isColored: false, isVerbose: true)).contains("\u{1b}"))
        #expect(Self.text(TextStyle(isColored: true)).contains("\u{1b}[1m"))
    }

    @Test func whereTheLocaleHasNoUnicodeOnlyASCIIIsDrawn() {
        #expect(Self.text(TextStyle(isUnicode: false, isVerbose: true)).utf8.max() ?? 0 < 0x80)
    }

    @Test func colourChangesNoWord() {
        let painted = Self.text(TextStyle(isColored: true, isVerbose: true))
        #expect(painted.replacing(/\u{1b}\[[0-9;]*m/, with: "") == Self.text(TextStyle(isVerbose: true)))
    }

    @Test func aCommandIsNeverWrapped() {
        #expect(Self.text(TextStyle(width: 60)).contains("      sysctl -w vm.lowmem_reserve_ratio='256 32 8'\n"))
    }

    @Test func aZoneBelowItsNeedStopsShortOfTheMark() throws {
        let line = try #require(
            Self.text(TextStyle()).split(separator: "\n").first { $0.contains("Normal ") && $0.contains("✗") })
        // 1340 of 3756 kB, and the mark at four fifths: 0.285 of the bar is filled.
        let filled = line.filter { $0 == "▓" }.count
        let mark = try #require(line.firstIndex(of: "│"))
        #expect(filled > 0 && !line.contains("█"))
        #expect(line[..<mark].last == " ")
        #expect(line.hasSuffix("1340  3756          0    −2416"), "\(line)")
    }

    @Test func nothingOfTheLogSteersTheTerminal() {
        let (report, diagnosis) = SampleReport.hostile
        for isVerbose in [false, true] {
            let text = Explanation(of: report, diagnosis, style: TextStyle(isVerbose: isVerbose)).text
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f || $0 == "\n" })
            #expect(text.contains(#"\x1b[2J\x0a"#))
        }
    }

    @Test func aWordThatIsTooLongIsCut() {
        let lines = Paragraph.lines(of: "a " + String(repeating: "x", count: 50), width: 20)
        #expect(
            lines == [
                "a", String(repeating: "x", count: 20), String(repeating: "x", count: 20), String(repeating: "x", count: 10),
            ])
    }

    @Test(arguments: [Int.min, -1, 0, 1, Int.max])
    func noNumberTrapsThePicture(count: Int) {
        let zone = ZoneVerdict(
            node: count, name: "Normal", free: Bytes(count), min: Bytes(count), managed: Bytes(count), protection: Bytes(count),
            usable: Bytes(count), isAllowed: true, canServe: true)
        var report = SampleReport.article
        report.memcg = MemcgUsage()
        report.memcg?.memory = MemcgUsage.Counter(
            usage: Bytes(count), limit: Bytes(count), failures: count, line: QuotedLine(number: count, bytes: []))
        report.time = TimeSinceBoot(microseconds: count)
        report.wallClock = WallTime(text: "x", unixSeconds: count)
        let diagnosis = OOMDiagnosis(
            cause: .unknown, confidence: .possible, summary: "",
            filledBy: [Filling(what: "x", bytes: Bytes(count), thousandths: count)], zones: [zone])
        #expect(!Explanation(of: report, diagnosis, style: TextStyle(isVerbose: true)).text.isEmpty)
        var document = AnalysisDocument(pretty: false)
        #expect(!document.piece(report, diagnosis).isEmpty)
    }
}
