import Testing

@testable import Representation

@Suite struct PrometheusTextTests {
    /// Exposition format 0.0.4: backslash, quote and newline of a label's value are escaped, nothing else.
    @Test(arguments: [
        (#"plain"#, #"k="plain""#), (#"a\b"#, #"k="a\\b""#), (#"a"b"#, #"k="a\"b""#), ("a\nb", #"k="a\nb""#),
        ("é\t{}", "k=\"é\t{}\""),
        ("", #"k="""#), (#"\n"#, #"k="\\n""#),
    ])
    func labelsAreEscaped(value: String, text: String) {
        #expect(String(decoding: PrometheusText.label("k", value), as: UTF8.self) == text)
    }

    private static let gauge = MetricFamily(name: "room_bytes", kind: .gauge, help: "How much.")
    private static let counter = MetricFamily(name: "doors_total", kind: .counter, help: "How many.")

    @Test func theTextFormatNamesACounterAsItsSamples() {
        #expect(
            Self.page(.text) == """
                # HELP room_bytes How much.
                # TYPE room_bytes gauge
                room_bytes{a="1"} -5
                room_bytes{a="1",order="3"} 7
                room_bytes{order="0"} 0.816
                # HELP doors_total How many.
                # TYPE doors_total counter
                doors_total 1.000002

                """)
    }

    /// OpenMetrics 1.0: a counter's family has no `_total`, and the end is marked.
    @Test func openMetricsNamesACountersFamilyWithoutTotal() {
        #expect(
            Self.page(.openMetrics) == """
                # HELP room_bytes How much.
                # TYPE room_bytes gauge
                room_bytes{a="1"} -5
                room_bytes{a="1",order="3"} 7
                room_bytes{order="0"} 0.816
                # HELP doors How many.
                # TYPE doors counter
                doors_total 1.000002
                # EOF

                """)
    }

    @Test func theMediaTypesAreThoseOfTheFormats() {
        #expect(PrometheusText.Format.text.mediaType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(PrometheusText.Format.openMetrics.mediaType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }

    @Test func aBuildWithOddNamesStaysOneLine() {
        let build = BuildInfo(version: "1\n2", revision: "\"x\"", swift: "\\")
        #expect(String(decoding: build.labels, as: UTF8.self) == #"version="1\n2",revision="\"x\"",swift="\\""#)
    }

    private static func page(_ format: PrometheusText.Format) -> String {
        var text = PrometheusText(format: format)
        let labels = PrometheusText.label("a", "1")
        text.family(gauge)
        text.sample(labels, -5)
        text.row(labels, "order")
        text.sample(3, 7)
        text.row([], "order")
        text.sample(0, thousandths: 816)
        text.family(counter)
        text.sample(microseconds: 1_000_002)
        return String(decoding: text.finished(), as: UTF8.self)
    }
}
