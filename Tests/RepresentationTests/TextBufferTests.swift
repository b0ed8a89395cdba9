import Representation
import Testing

/// The writer owns raw memory: what it writes must be right at every size.
@Suite struct TextBufferTests {
    @Test(arguments: [
        Int.min, Int.min + 1, -10_000, -1, 0, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999, 100_000, 9_999_999, 10_000_000,
        99_999_999, 100_000_000, 1_000_000_000_000, 9_999_999_999_999_999, Int.max - 1, Int.max,
    ])
    func numbersAreAsSwiftWritesThem(value: Int) {
        var buffer = TextBuffer()
        buffer.append(value)
        #expect(buffer.text == String(value))
    }

    @Test func itGrowsFromAnySizeByAnyAppend() {
        for start in 0..<200 {
            var buffer = TextBuffer(capacity: 1)
            var expected = ""
            for _ in 0..<start { buffer.append(byte: UInt8(ascii: "x")) }
            expected += String(repeating: "x", count: start)
            buffer.append(-9_223_372_036_854_775_807)
            buffer.append("a literal")
            buffer.append(String(repeating: "é", count: start))
            buffer.append([UInt8](repeating: UInt8(ascii: "y"), count: start))
            buffer.append("")
            expected +=
                "-9223372036854775807a literal" + String(repeating: "é", count: start) + String(repeating: "y", count: start)
            #expect(buffer.text == expected)
            #expect(buffer.bytes == Array(expected.utf8))
            #expect(buffer.count == expected.utf8.count)
        }
    }

    @Test func oneBufferGoesBehindAnother() {
        var first = TextBuffer()
        var second = TextBuffer()
        first.append("numa_node=")
        second.append("{")
        for _ in 0..<20 { second.append(first) }
        #expect(second.text == "{" + String(repeating: "numa_node=", count: 20))
        #expect(first.text == "numa_node=")
    }

    @Test(arguments: [
        (0, 3, "000"), (7, 3, "007"), (42, 2, "42"), (1234, 2, "1234"), (5, 1, "5"), (5, 9, "000000005"),
    ])
    func digitsAreFilledUpWithZeros(value: Int, digits: Int, text: String) {
        var buffer = TextBuffer()
        buffer.append(value, digits: digits)
        #expect(buffer.text == text)
    }

    @Test(arguments: [
        (1_500, 1_000, 3, "1.500"), (-500, 1_000, 3, "-0.500"), (1, 1_000_000_000, 9, "0.000000001"), (0, 1_000, 3, "0.000"),
    ])
    func fractionsAreNotRounded(value: Int, scale: Int, digits: Int, text: String) {
        var buffer = TextBuffer()
        buffer.append(value, scale: scale, digits: digits)
        #expect(buffer.text == text)
    }
}
