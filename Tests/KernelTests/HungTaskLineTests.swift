import Kernel
import Support
import Testing

@Suite struct HungTaskLineTests {
    @Test func namesTheTaskThatDoesNotMove() throws {
        let line = try #require(HungTaskLine(Array("INFO: task jbd2/sda1-8:231 blocked for more than 120 seconds.".utf8)))
        #expect(line.comm == "jbd2/sda1-8")
        #expect(line.process == ProcessID(231))
        #expect(line.seconds == 120)
    }

    @Test func aNameMayHoldTheWordsThemselves() throws {
        let text = "INFO: task a:1 blocked for more than :7 blocked for more than 483 seconds."
        #expect(HungTaskLine(Array(text.utf8))?.process == ProcessID(7))
    }

    @Test(arguments: [
        "", "INFO: task ", "INFO: task x blocked for more than 120 seconds.", "INFO: task :x blocked for more than 1 s",
    ])
    func otherTextIsNone(text: String) { #expect(HungTaskLine(Array(text.utf8)) == nil) }

    @Test func damageDoesNotTrap() {
        let text = Array("INFO: task jbd2/sda1-8:231 blocked for more than 120 seconds.".utf8)
        for damaged in Hostile.prefixes(of: text) + Hostile.mutations(of: text, count: 300, seed: 4) { _ = HungTaskLine(damaged) }
    }
}
