import Kernel
import Representation
import Testing

@Suite struct JSONWriterTests {
    @Test func keysKeepTheirOrder() {
        let text = document { json in
            json.write("b", 1)
            json.write("a", "x")
            json.write("none", nil as Int?)
            json.write("yes", true)
        }
        #expect(text == "{\"b\":1,\"a\":\"x\",\"none\":null,\"yes\":true}\n")
    }

    @Test func controlCharactersAndQuotesAreEscaped() {
        #expect(document { $0.write("s", "a\"\\\n\u{1b}\u{7f}é/") } == "{\"s\":\"a\\\"\\\\\\n\\u001b\\u007fé/\"}\n")
    }

    @Test func prettyIsIndentedByTwo() {
        let bytes = JSONWriter.document(pretty: true) { json in
            json.write("a", 1)
            json.objects("rows", [1, 2]) { json, row in json.write("row", row) }
            json.objects("none", [Int]()) { json, row in json.write("row", row) }
        }
        let expected = """
            {
              "a": 1,
              "rows": [
                {
                  "row": 1
                },
                {
                  "row": 2
                }
              ],
              "none": []
            }

            """
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [(0, "0.000"), (1, "0.001"), (-500, "-0.500"), (1000, "1.000"), (-1500, "-1.500"), (816, "0.816")])
    func thousandthsHaveThreeDecimals(value: Int, text: String) {
        #expect(document { $0.write("x", thousandths: value) } == "{\"x\":\(text)}\n")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
        (1_790_000_000_250, "2026-09-21T14:13:20.250Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func timesAreRFC3339(milliseconds: Int, text: String) {
        let time = Timestamp(unixNanoseconds: milliseconds * 1_000_000)
        #expect(document { $0.write("t", time) } == "{\"t\":\"\(text)\"}\n")
    }

    @Test(arguments: [Int.min, -10, -1, 0, 9, 10, 99, 1_000_000, Int.max])
    func numbersAreWrittenWhole(value: Int) {
        #expect(document { $0.write("n", value) } == "{\"n\":\(value)}\n")
    }

    private func document(_ body: (inout JSONWriter) -> Void) -> String {
        String(decoding: JSONWriter.document(pretty: false, body), as: UTF8.self)
    }
}
