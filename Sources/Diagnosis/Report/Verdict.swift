import Kernel

/// What a rule says of a report: the cause, how sure it is, and why.
struct Verdict {
    let cause: Cause
    let confidence: Confidence
    /// Completes `postgres (4711) was killed because …`; no full stop.
    let because: String
    /// `because` says what is missing from the log instead: `postgres (4711) was killed; the log does not say why: …`.
    var isUnexplained = false
    var deniedBy: DeniedBy?
    var evidence: [LogEvidence] = []
    /// Of a cgroup's memory instead of the machine's.
    var fillings: [Filling]?
    /// Beside the machine's counters, what they do not account for.
    var addition: Filling?
    var remedies: [Remedy] = []

    init(_ cause: Cause, _ confidence: Confidence, because: String) {
        self.cause = cause
        self.confidence = confidence
        self.because = because
    }
}
