public import Diagnosis
public import Host
public import Kernel
import Synchronization

/// Who stands first, for metrics: what the last look at all processes has shown. A scrape itself looks at none.
///
/// It is fed by whoever has just looked: the recorder every 10 s, and whoever asks for the order.
public final class VictimWatch: Sendable {
    private let latest = Mutex<(summary: VictimSummary, at: Nanoseconds)?>(nil)
    private let interval: Nanoseconds
    private let seesAll: Bool

    /// - Parameters:
    ///   - interval: between two looks of whoever feeds it.
    ///   - seesAll: false in a pid namespace of its own.
    public init(interval: Nanoseconds = Nanoseconds(10_000_000_000), seesAll: Bool = true) {
        self.interval = interval
        self.seesAll = seesAll
    }

    /// What is known at `now`; nil where nobody has looked for three intervals: an old order is no order.
    public func summary(at now: Nanoseconds = .monotonic) -> VictimSummary? {
        latest.withLock { latest in
            guard let latest, now.count - latest.at.count <= 3 * interval.count else { return nil }
            return latest.summary
        }
    }

    /// A look at all processes of the machine.
    public func note(_ processes: [ProcessReading], formula: BadnessFormula, at time: Nanoseconds = .monotonic) {
        let summary = VictimSummary(of: processes, formula: formula, seesAll: seesAll)
        latest.withLock { $0 = (summary, time) }
    }

    func note(_ question: VictimForecast.Question) { note(question.processes, formula: question.formula) }
}
