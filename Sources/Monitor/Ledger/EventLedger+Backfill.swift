import Host
import Kernel
import Logging
import Store
import Synchronization

extension EventLedger {
    private static var fact: String { "usual_logs_read" }

    /// At the first start of our life, what the machine's logs tell of the time before. It counts nothing.
    ///
    /// Events of now are written between two chunks of a log.
    func backfill(until stop: WakeUp, _ plan: inout WorkPlan) {
        guard let store = state.withLock({ $0.store }), !settings.usualLogs.isEmpty else { return }
        do throws(StoreError) {
            guard try store.fact(Self.fact) == nil else { return }
        } catch { return failed(error) }
        var sum = ImportOutcome()
        guard readJournal(into: store, &sum, &plan, stop) else { return }
        for path in UsualLogs.paths(matching: settings.usualLogs) {
            guard readFile(path, into: store, &sum, &plan, stop) else { return }
        }
        state.withLock { $0.facts[Self.fact] = "\(sum.reports)" }
        logger.notice("history: \(sum.reports) reports in this machine's older logs, \(sum.added) of them new")
    }

    /// - Returns: false where the daemon ends, or the store cannot be written: it is tried again at the next start.
    private func readFile(
        _ path: String, into store: EventStore, _ sum: inout ImportOutcome, _ plan: inout WorkPlan, _ stop: WakeUp
    ) -> Bool {
        do throws(LogFileError) {
            var log = try LogImport(of: path, into: store, now: settings.now())
            defer { sum.add(log.outcome) }
            return try read(&log, &plan, stop)
        } catch {
            logger.info("history: \(error), ignoring")
            return true
        }
    }

    /// The journal has what the files have, and often more boots of it.
    private func readJournal(
        into store: EventStore, _ sum: inout ImportOutcome, _ plan: inout WorkPlan, _ stop: WakeUp
    ) -> Bool {
        do {
            var log = try LogImport(ofJournalIn: settings.journalRoot, into: store, now: settings.now())
            defer { sum.add(log.outcome) }
            return try read(&log, &plan, stop)
        } catch {
            logger.info("history: journal: \(error), ignoring")
            return true
        }
    }

    private func read<Source: LogSource & ~Copyable>(
        _ log: inout LogImport<Source>, _ plan: inout WorkPlan, _ stop: WakeUp
    ) throws(LogFileError) -> Bool {
        while true {
            if stop.isRaised { return false }
            do throws(ImportError) {
                guard try log.step() else { return true }
            } catch {
                switch error {
                case .log(let failure): throw failure
                case .store(let failure):
                    failed(failure)
                    return false
                }
            }
            workOnce(&plan)
        }
    }
}

extension ImportOutcome {
    mutating func add(_ other: ImportOutcome) {
        reports += other.reports
        added += other.added
        completed += other.completed
    }
}
