public import Diagnosis
public import Kernel
import MicroHTTP
public import Monitor
import Representation
import Store
import Synchronization

/// One reading of the machine with its judgement, and every answer that was rendered from it.
///
/// An answer is rendered and compressed once per sample, however many clients come within the sample's age.
public final class Sample: Sendable {
    public let snapshot: Snapshot
    public let assessment: Result<Assessment, SourceError>
    /// What zones are judged by beside the machine itself: a source that failed.
    let findings: [Finding]
    private let isShared: Bool
    private let answers = Mutex<[AnswerForm: SharedBody]>([:])

    /// - Parameters:
    ///   - isShared: false where each request has a sample of its own: then nothing is kept for a next one.
    ///   - store: how the history stands beside the machine.
    ///   - victims: who would die first, if somebody has looked lately.
    public init(
        _ snapshot: Snapshot, isShared: Bool = true, store: StoreStatus? = nil, victims: VictimSummary? = nil
    ) {
        self.snapshot = snapshot
        self.isShared = isShared
        assessment = snapshot.zoneInfo.map { Assessment(of: snapshot, zoneInfo: $0) }
        let others = [store.flatMap(Finding.init(ofStore:)), victims?.isNobodyLeft == true ? .noVictimLeft : nil]
        findings = snapshot.sourceFindings + others.compactMap { $0 }
    }

    /// The answer in this form; rendered by `make` when it is the first of the sample.
    func answer(_ form: AnswerForm, make: () throws -> SharedBody) throws -> SharedBody {
        guard isShared else { return try make() }
        if let known = answers.withLock({ $0[form] }) { return known }
        let made = try make()
        answers.withLock { $0[form] = made }
        return made
    }
}

extension Finding {
    /// nil where all is written.
    init?(ofStore status: StoreStatus) {
        guard status.isUsed, let failure = status.failure else { return nil }
        self = .historyNotWritten(reason: failure.sentence, waiting: status.backlog, dropped: status.dropped)
    }
}

/// What tells two renderings of one sample apart.
struct AnswerForm: Hashable, Sendable {
    let route: String
    let mediaType: String
    let isPretty: Bool
    let isCompressed: Bool
}
