import Diagnosis
import Kernel
import MicroHTTP
import Representation

/// Why did the kernel kill, by a log that the client brings. It changes nothing and keeps nothing.
struct AnalysisRoutes: Sendable {
    /// The log is read part by part as it comes, whatever type it is said to be of.
    @Sendable func analyze(_ request: Request, _ parameters: PathParameters) throws -> BodyIntake {
        try request.accept(only: [])
        let coding = request.headers.values("Content-Encoding").joined(separator: ", ")
        guard coding.isEmpty || coding.lowercased() == "identity" else {
            throw Refusal.compressed("Content-Encoding: \(coding)", reader: "zcat")
        }
        let reading = LogReading(try AnswerForm(of: request, route: "/oom-kills/analyze"))
        return BodyIntake(receive: reading.take, answer: reading.answer)
    }
}

/// One log on its way in. Each report is rendered as soon as it is final, and then let go.
private final class LogReading {
    private let form: AnswerForm
    private var parser = OOMLogParser()
    private var document: AnalysisDocument
    /// Of the body, to tell a compressed one by its magic.
    private var start: [UInt8] = []
    private var rendered: [UInt8] = []
    private var count = 0
    private var omitted = 0

    /// A log made of nothing but reports would be answered with more bytes than it has.
    private static let maximumAnswer = 32 << 20

    init(_ form: AnswerForm) {
        self.form = form
        document = AnalysisDocument(pretty: form.isPretty)
    }

    func take(_ part: UnsafeRawBufferPointer) {
        if start.count < Compression.longestMagic { start += part.prefix(Compression.longestMagic - start.count) }
        guard Compression(startOf: start) == nil else { return }
        add(parser.add(Array(part)[...]))
    }

    func answer() throws -> Response {
        if let compression = Compression(startOf: start) {
            throw Refusal.compressed("\(compression.rawValue) without Content-Encoding", reader: compression.reader)
        }
        add(parser.finish())
        let body = form.isJSON ? document.opening + rendered + document.closing(omitted: omitted) : text
        return Response(try SharedBody.encoded(body, AnswerForm.head(isJSON: form.isJSON), isCompressed: form.isCompressed))
    }

    private func add(_ reports: [OOMReport]) {
        for report in reports {
            guard rendered.count < Self.maximumAnswer else {
                omitted += 1
                continue
            }
            count += 1
            rendered += render(report, OOMDiagnosis(of: report))
        }
    }

    private func render(_ report: OOMReport, _ diagnosis: OOMDiagnosis) -> [UInt8] {
        guard !form.isJSON else { return document.piece(report, diagnosis) }
        let style = TextStyle()
        let rule = count > 1 ? "\n" + style.rule("report \(count)") + "\n\n" : ""
        return Array((rule + Explanation(of: report, diagnosis, style: style).text).utf8)
    }

    private var text: [UInt8] {
        guard count > 0 else { return Array("no OOM report in this log\n".utf8) }
        return rendered + (omitted > 0 ? Array("\n\(omitted) more reports are left out\n".utf8) : [])
    }
}

extension Refusal {
    fileprivate static func compressed(_ found: String, reader: String) -> Refusal {
        Refusal(
            .unsupportedMediaType, "unsupported_media_type", "a log is taken as it is, found \(found)",
            next: "send it uncompressed: \(reader) FILE | curl --data-binary @- …, or run oomwarden analyze FILE",
            headers: ["Accept-Encoding": "identity"])
    }
}
