public import Diagnosis
public import Host
public import Kernel
public import Logging
public import Store
import Synchronization

/// Gives processes what the policies say: all of them when policies or the machine are looked at anew, and each new one when it
/// has become a program. It works on the feed's thread.
///
/// Whoever sets another value afterwards is answered once; after that the process is `contested` and left alone.
public final class PolicyEngine: Sendable {
    let book: PolicyBook
    let feed: ProcessFeed
    let table: ProcessTable
    let apply: Apply
    let logger: Logger
    /// Held throughout a look, which only the feed's thread takes.
    let work = Mutex(Work())
    private let shown = Mutex(Shown())
    let hasToldOfDenied = Atomic(false)

    /// Makes the keeper hold a value for a policy, or with nil lets it go.
    public typealias Apply = @Sendable (PolicyClaim?, ProcessID, ClockTicks) -> Outcome

    /// What has become of a claim.
    public enum Outcome: Hashable, Sendable {
        /// The process has the value.
        case applied
        /// A lease goes before it.
        case leased
        /// Somebody else has changed it again after it was written once more.
        case contested
        case gone
        case refused(why: String)
    }

    /// What is known of the processes that policies match.
    struct Work: Sendable {
        var set = PolicySet([])
        var subjects: [ProcessID: PolicyTarget] = [:]
    }

    struct Shown: Sendable {
        var reports: [PolicyReport] = []
        var contested = 0
        var failure: SourceError?
    }

    public init(
        book: PolicyBook, feed: ProcessFeed, table: ProcessTable, logger: Logger, apply: @escaping Apply
    ) {
        self.book = book
        self.feed = feed
        self.table = table
        self.logger = logger
        self.apply = apply
        feed.subscribe { [weak self] in self?.take($0) }
    }
}

extension PolicyEngine {
    /// To be called at the start, and whenever the book has changed: within a moment the machine is as it says.
    public func policiesChanged() {
        guard !book.policies.isEmpty || work.withLock({ !$0.subjects.isEmpty }) else { return }
        feed.start(for: .policies)
        feed.lookAgain()
    }

    /// Claims that outlived a restart: those that no policy makes any more are let go at the first look.
    public func adopt(_ claims: [(process: ProcessID, startTime: ClockTicks, claim: PolicyClaim)]) {
        work.withLock { work in
            for held in claims {
                work.subjects[held.process] = PolicyTarget(
                    startTime: held.startTime, parent: ProcessID(0), commandName: CommandName([]), matches: [],
                    before: held.claim.adjustment, claim: held.claim)
            }
        }
    }

    /// How each policy fared when processes were last looked at, by name. One that is new has matched nobody yet.
    public var reports: [PolicyReport] {
        let known = shown.withLock { $0.reports }
        return book.policies.map { policy in known.first { $0.policy == policy } ?? PolicyReport(policy) }
    }

    /// How often somebody else's value was found in the place of ours for a second time.
    public var contestedCount: Int { shown.withLock { $0.contested } }

    /// Why processes could not be looked at.
    public var failure: SourceError? { shown.withLock { $0.failure } }

    func show(_ work: Work, newlyContested: Int, failure: SourceError?) {
        let reports = work.set.policies.indices.map { index in report(on: index, work) }
        let before = shown.withLock { shown in
            defer {
                shown.reports = reports
                shown.contested += newlyContested
                shown.failure = failure
            }
            return shown.failure
        }
        guard let failure, before != failure else { return }
        logger.warning("policies: processes could not be looked at: \(failure), ignoring")
    }

    private func report(on index: Int, _ work: Work) -> PolicyReport {
        var report = PolicyReport(work.set.policies[index])
        for (process, subject) in work.subjects.sorted(by: { $0.key < $1.key }) where subject.policy == index {
            subject.add(to: &report, as: process)
        }
        return report
    }
}
