public import Diagnosis
public import Kernel

/// `oomwarden analyze --json` and `POST /oom-kills/analyze`: the reports of a log, each with its diagnosis.
///
/// A log may be larger than memory, so the document is made in pieces: `opening`, then each report as it becomes final,
/// then `closing`. The pieces together are one JSON document whatever their number is.
public struct AnalysisDocument: Sendable {
    private let pretty: Bool
    private var count = 0

    public init(pretty: Bool) { self.pretty = pretty }

    public var opening: [UInt8] { Array((pretty ? "{\n  \"reports\": [" : "{\"reports\":[").utf8) }

    /// One report, with the comma before it where it is not the first.
    ///
    /// - Parameter file: where it was found; nil for what has no name.
    public mutating func piece(_ report: OOMReport, _ diagnosis: OOMDiagnosis, file: String? = nil) -> [UInt8] {
        defer { count += 1 }
        let separator = (count > 0 ? "," : "") + (pretty ? "\n    " : "")
        return Array(separator.utf8)
            + JSONWriter.fragment(pretty: pretty, depth: 2) { json in
                json.write(report, diagnosis)
                json.write("file", file)
            }
    }

    /// - Parameter omitted: how many reports more there were than the answer may hold.
    public func closing(omitted: Int = 0) -> [UInt8] {
        let end = pretty && count > 0 ? "\n  ]" : "]"
        let rest = pretty ? ",\n  \"omitted_reports\": \(omitted)\n}\n" : ",\"omitted_reports\":\(omitted)}\n"
        return Array((end + rest).utf8)
    }
}
