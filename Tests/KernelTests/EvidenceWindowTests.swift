import Kernel
import Testing

@Suite struct EvidenceWindowTests {
    private func line(_ number: Int, _ text: String = "Mem-Info:") -> LogLine { LogLine(number: number, text: Array(text.utf8)) }

    @Test func givesTheLinesOfAReport() {
        var window = EvidenceWindow()
        for number in 1...100 { window.add(line(number)) }
        #expect(window.lines(40...42).map(\.number) == [40, 41, 42])
    }

    @Test func forgetsWhatNoOpenReportIsMadeOf() {
        var window = EvidenceWindow()
        for number in 1...1_000 {
            window.add(line(number))
            window.forget(before: number < 500 ? nil : 400)
        }
        #expect(window.lines(1...1_000).first?.number == 400 + 36)
        #expect(window.lines(1...1_000).last?.number == 1_000)
    }

    @Test func aReportThatIsTooLongKeepsItsHeadAndItsEnd() {
        var window = EvidenceWindow(bytes: Bytes(kibibytes: 64))
        for number in 1...10_000 { window.add(line(number)) }
        let kept = window.lines(1...10_000).map(\.number)
        #expect(kept.first == 1)
        #expect(kept.suffix(64) == Array(9_937...10_000)[...])
        #expect(kept.count < 1_000)
    }

    @Test func whatUserSpaceWroteIsNoEvidence() {
        var window = EvidenceWindow()
        window.add(LogLine(number: 1, isFromKernel: false, text: Array("Killed process 1 (init)".utf8)))
        #expect(window.lines(1...1).isEmpty)
    }
}
