import Kernel
import Testing

@testable import Representation

/// What people read.
@Suite struct TextTests {
    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (-1023, "-1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (-12_288, "-12 KiB"),
        (1_048_575, "1023.9 KiB"), (1_048_576, "1 MiB"), (410_415_104, "391.4 MiB"), (1 << 30, "1 GiB"), (1 << 60, "1 EiB"),
        (Int.max, "7.9 EiB"), (Int.min, "-8 EiB"),
    ])
    func bytesHaveABinaryUnitAndOneDecimal(count: Int, text: String) {
        #expect(Bytes(count).human == text)
    }

    @Test func aTableIsAsWideAsItsWidestCells() {
        var table = TerminalTable([("PID", .right), ("COMM", .left), ("RSS", .right)])
        table.add(["7", "a", "12 MiB"])
        table.add(["4711", "very-long", ""])
        #expect(
            table.text == """
                 PID  COMM          RSS
                   7  a          12 MiB
                4711  very-long

                """)
    }

    @Test func aTableWithoutRowsIsItsHead() {
        #expect(TerminalTable([("A", .left), ("B", .right)]).text == "A  B\n")
    }

    /// A process chooses its own name: it must not be able to steer the terminal of whoever lists it.
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("foo) Z", "foo) Z"), ("a\u{1b}[2Jb", "a\\x1b[2Jb"), ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\u{7f}", "\\x7f"),
        ("\u{9b}31m", "\\x9b31m"), ("é 😀", "é 😀"), ("a\r\nb", "a\\x0d\\x0ab"), ("\0", "\\x00"),
    ])
    func controlCharactersOfANameAreShown(name: String, shown: String) {
        #expect(name.printable == shown)
    }

    /// Right-to-left overrides can make a name look like another, and an invisible character can hide one.
    @Test(arguments: [
        ("\u{202e}gpj.exe", "\\u{202e}gpj.exe"), ("a\u{200b}b", "a\\u{200b}b"), ("\u{2066}x", "\\u{2066}x"),
        ("\u{feff}x", "\\u{feff}x"),
    ])
    func charactersThatFormatAreShownToo(name: String, shown: String) {
        #expect(name.printable == shown)
    }
}
