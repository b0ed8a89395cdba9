public import Kernel

extension Finding {
    /// A source that could not be read or understood: what hangs on it is missing from the answers.
    public static func sourceFailed(_ source: String, reason: String) -> Finding {
        Finding(
            id: "source_failed", severity: .warning, claim: "\(source) could not be read: \(reason)",
            evidence: [Evidence(source: source, quote: reason, value: nil)])
    }
}

extension Snapshot {
    /// One finding for each source that failed.
    public var sourceFindings: [Finding] {
        failures.map { .sourceFailed($0.source.name, reason: $0.error.reason) }
    }
}
