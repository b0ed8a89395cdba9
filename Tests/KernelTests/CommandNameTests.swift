import Kernel
import Testing

@Suite struct CommandNameTests {
    @Test func keepsBytesThatAreNoText() {
        let name = CommandName([0x66, 0xff, 0x0a, 0x29])
        #expect(name.bytes == [0x66, 0xff, 0x0a, 0x29])
        #expect(name.text == "f\u{FFFD}\n)")
    }

    @Test func namesThatLookAlikeAreNotEqual() {
        #expect(CommandName([0xff]).text == CommandName([0xfe]).text)
        #expect(CommandName([0xff]) != CommandName([0xfe]))
    }

    @Test func anEmptyNameIsAName() { #expect(CommandName([]).text.isEmpty) }
}
