public import Diagnosis
public import Host
public import Kernel
public import Logging
import Synchronization

/// Who stands first, for metrics: what the last look at all processes has shown. A scrape itself looks at none.
///
/// It is fed by whoever has just looked (`note`), and by a look of its own every 10 s where it is started.
public final class VictimWatch: Sendable {
    private let latest = Mutex<(summary: VictimSummary, at: Nanoseconds)?>(nil)
    private let thread = Mutex<FollowerThread?>(nil)
    private let interval: Nanoseconds
    private let logger: Logger

    /// - Parameter interval: between two looks of its own.
    public init(interval: Nanoseconds = Nanoseconds(10_000_000_000), logger: Logger) {
        self.interval = interval
        self.logger = logger
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
        let summary = VictimSummary(of: processes, formula: formula)
        latest.withLock { $0 = (summary, time) }
    }

    func note(_ question: VictimForecast.Question) { note(question.processes, formula: question.formula) }

    /// Looks by itself from now on.
    ///
    /// - Parameter formula: nil where the kernel's is not known; then nothing is noted.
    public func start(_ table: ProcessTable, formula: @escaping @Sendable () -> BadnessFormula?) {
        thread.withLock { thread in
            guard thread == nil else { return }
            do throws(SourceError) {
                thread = try FollowerThread { self.look(at: table, formula, until: $0) }
            } catch { logger.warning("the metrics of victims are not kept: \(error), ignoring") }
        }
    }

    public func stop() { thread.withLock { $0.take()?.end() } }

    private func look(at table: ProcessTable, _ formula: @Sendable () -> BadnessFormula?, until stop: WakeUp) {
        do throws(SourceError) {
            repeat { look(at: table, formula()) } while try !stop.wait(for: interval)
        } catch { logger.warning("the metrics of victims are not kept any longer: \(error), ignoring") }
    }

    /// A listing that fails is told to those who ask for one; the metrics then run out.
    private func look(at table: ProcessTable, _ formula: BadnessFormula?) {
        guard let formula else { return }
        do { note(try table.readAll().processes, formula: formula) } catch { logger.debug("\(error), ignoring") }
    }
}
