import Kernel

/// What the worker does when: at once what is shown and not written, at leisure the rest.
struct WorkPlan {
    enum Task: CaseIterable, Hashable {
        case coverage, retention

        fileprivate var interval: Int { (self == .coverage ? 60 : 3_600) * WorkPlan.second }
    }

    fileprivate static let second = 1_000_000_000
    private let firstPause: Int
    private let longestPause: Int
    private var due: [Task: Int] = [:]
    private var retryAt: Int?
    private var nextPause: Int

    init(_ settings: EventLedger.Settings) {
        firstPause = settings.firstPause.count
        longestPause = settings.longestPause.count
        nextPause = firstPause
    }

    /// False while the pause after a failure lasts.
    func mayWrite(at now: Nanoseconds) -> Bool { retryAt.map { $0 <= now.count } ?? true }

    /// True once each interval, at first when a minute has gone by.
    mutating func isDue(_ task: Task, at now: Nanoseconds) -> Bool {
        guard let time = due[task] else {
            due[task] = now.count + 60 * Self.second
            return false
        }
        guard time <= now.count else { return false }
        due[task] = now.count + task.interval
        return true
    }

    mutating func failed(at now: Nanoseconds) {
        retryAt = now.count + nextPause
        nextPause = min(nextPause * 2, longestPause)
    }

    mutating func succeeded() {
        retryAt = nil
        nextPause = firstPause
    }

    /// Until something is to be done that nobody rings for.
    func pause(at now: Nanoseconds) -> Nanoseconds {
        let next = [retryAt].compactMap { $0 } + (retryAt == nil ? due.values.map { $0 } : [])
        return Nanoseconds(max((next.min() ?? now.count + 60 * Self.second) - now.count, 0))
    }
}
