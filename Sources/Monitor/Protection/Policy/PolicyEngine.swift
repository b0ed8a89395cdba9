public import Diagnosis
public import Host
public import Kernel
public import Logging
import Synchronization

/// Gives processes what the policies say: all of them when policies or the machine are looked at anew, and each new one when it
/// has become a program. It works on the feed's thread.
///
/// Whoever sets another value afterwards is answered once; after that the process is `contested` and left alone.
public final class PolicyEngine: Sendable {
    let book: PolicyBook
    let feed: ProcessFeed
    let table: ProcessTable
    let keeper: Keeper
    let logger: Logger
    /// Held throughout a look, which is the feed's thread's; others have it for a moment.
    let work = Mutex(Work())
    private let shown = Mutex(Shown())
    let hasToldOfDenied = Atomic(false)

    /// What is known of the processes that policies match.
    struct Work: Sendable {
        var set = PolicySet([])
        var subjects: [ProcessID: PolicyTarget] = [:]
        /// When all are to be looked at again, since the last look failed.
        var again: Nanoseconds?
    }

    struct Shown: Sendable {
        var reports: [PolicyReport] = []
        var contested = 0
        var failure: SourceError?
        /// Why a user that a policy names could not be looked up.
        var usersFailure: SourceError?
    }

    public init(book: PolicyBook, feed: ProcessFeed, table: ProcessTable, logger: Logger, keeper: Keeper) {
        self.book = book
        self.feed = feed
        self.table = table
        self.logger = logger
        self.keeper = keeper
        feed.subscribe { [weak self] in self?.take($0) }
    }
}

extension PolicyEngine {
    /// To be called at the start, and whenever the book has changed: within a moment the machine is as it says. Claims that outlived
    /// a restart and that no policy makes any more are let go then.
    public func policiesChanged() {
        let isIdle = book.policies.isEmpty && work.withLock { $0.subjects.isEmpty } && keeper.claims().isEmpty
        guard !isIdle else { return }
        feed.start(for: .policies)
        feed.lookAgain()
    }

    /// How each policy fared when processes were last looked at, by name. One that is new has matched nobody yet.
    public var reports: [PolicyReport] {
        let known = shown.withLock { $0.reports }
        return book.policies.map { policy in known.first { $0.policy == policy } ?? PolicyReport(policy) }
    }

    /// How often somebody else's value was found in the place of ours for a second time.
    public var contestedCount: Int { shown.withLock { $0.contested } }

    /// How what policies take stands; nothing without policies.
    public var states: [(source: SourceHealth.Source, failure: SourceError?)] {
        let policies = book.policies
        guard !policies.isEmpty else { return [] }
        let shown = shown.withLock { $0 }
        return [(.policies, shown.failure)] + (PolicySet.userNames(in: policies).isEmpty ? [] : [(.users, shown.usersFailure)])
    }

    /// The policies in force, with the users that they name as the machine has them now.
    ///
    /// - Parameter known: the users of before.
    func readPolicies(known: [String: UInt32]) -> PolicySet {
        let policies = book.policies
        let users = UserNames.read(PolicySet.userNames(in: policies), known: known)
        let before = shown.withLock { shown in
            defer { shown.usersFailure = users.failure }
            return shown.usersFailure
        }
        if let failure = users.failure, before != failure { logger.warning("policies: \(failure), ignoring") }
        return PolicySet(policies, users: users.numbers)
    }

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
