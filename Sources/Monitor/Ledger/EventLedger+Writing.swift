import Host
import Kernel
import Logging
import Store
import Synchronization

extension EventLedger {
    /// The whole life of the worker.
    func work(until stop: WakeUp, _ bell: Bell) {
        var plan = WorkPlan(settings)
        workOnce(&plan)
        backfill(until: stop, &plan)
        while true {
            let isStopping = stop.isRaised
            if isStopping { endJobs() }
            workOnce(&plan, isLast: isStopping)
            guard !isStopping else { return }
            do throws(SourceError) {
                _ = try bell.wait(until: stop, for: plan.pause(at: .monotonic))
            } catch {
                endJobs()
                logger.error("store: the worker ends, events stay in memory: \(error), ignoring")
                return
            }
        }
    }

    /// Does the jobs that wait, and writes what there is to be written now.
    func workOnce(_ plan: inout WorkPlan, isLast: Bool = false) {
        doJobs()
        guard let store = state.withLock({ $0.store }) else { return }
        let now = Nanoseconds.monotonic
        guard plan.mayWrite(at: now) || isLast else { return }
        do throws(StoreError) {
            try writeEvents(into: store)
            try writeAttachments(into: store)
            try writeFacts(into: store)
            if plan.isDue(.coverage, at: now) || isLast { try writeCoverage(into: store) }
            if plan.isDue(.retention, at: now), !isLast { try retain(store) }
            succeeded(store)
            plan.succeeded()
        } catch {
            failed(error)
            plan.failed(at: now)
            if error.reason == .corrupt { replace(store) }
        }
    }

    /// A batch at a time, so that a long backlog holds the lock of the file only for moments.
    private func writeEvents(into store: EventStore) throws(StoreError) {
        while true {
            let batch = state.withLock { Array($0.pending.prefix(Self.batch)) }
            guard !batch.isEmpty else { return }
            let written = try write(batch, into: store)
            let counters = try store.counters()
            let mayReserve = state.withLock { state in
                state.settle(batch, written)
                if state.pending.isEmpty { state.counters.raise(to: counters) }
                return state.numbers.count < Self.reserve / 2
            }
            if mayReserve { reserve(store) }
        }
    }

    /// nil for an event that no store will ever take; it must not keep the others from being written.
    private func write(_ batch: [PendingEvent], into store: EventStore) throws(StoreError) -> [RecordOutcome?] {
        do throws(StoreError) {
            var claims = Claims()
            return try store.record(batch.map(\.telling), claims: &claims)
        } catch {
            guard case .other = error.reason else { throw error }
            guard batch.count == 1 else {
                var written: [RecordOutcome?] = []
                for event in batch { written += try write([event], into: store) }
                return written
            }
            logger.error("store: event \(batch[0].event.id) cannot be written: \(error), ignoring")
            state.withLock { ($0.dropped, $0.writeErrors) = ($0.dropped + 1, $0.writeErrors + 1) }
            return [nil]
        }
    }

    private static let batch = 100
    private static let reserve = 10_000

    private func writeFacts(into store: EventStore) throws(StoreError) {
        for (name, value) in state.withLock({ $0.facts }) {
            try store.setFact(name, to: value)
            state.withLock { if $0.facts[name] == value { $0.facts[name] = nil } }
        }
    }

    private func writeCoverage(into store: EventStore) throws(StoreError) {
        let spans = coverage
        for span in spans { try store.cover(span) }
        state.withLock { state in
            // The last one may have grown meanwhile, and will again.
            state.coverage.removeFirst(max(min(spans.count, state.coverage.count) - 1, 0))
        }
    }

    private func retain(_ store: EventStore) throws(StoreError) {
        let outcome = try store.retain(settings.retention, now: settings.now())
        if outcome.removedForAge + outcome.removedForSize > 0 {
            logger.info(
                "store: forgot \(outcome.removedForAge) events for their age, \(outcome.removedForSize) for the size of all")
        }
        if outcome.distrustsClock {
            logger.warning("store: the clock is further ahead than events are kept; nothing is forgotten for that, ignoring")
        }
    }

    /// Numbers for events that are shown before they are written.
    func reserve(_ store: EventStore) {
        do throws(StoreError) {
            let numbers = try store.reserve(Self.reserve)
            state.withLock { $0.numbers = numbers }
        } catch { failed(error) }
    }

    func failed(_ error: StoreError) {
        let isNews = state.withLock { state in
            defer { state.failure = error }
            state.writeErrors += 1
            return state.failure?.reason != error.reason
        }
        if isNews { logger.warning("store: \(error); events stay in memory, ignoring") }
    }

    private func succeeded(_ store: EventStore) {
        let size: Bytes?
        do throws(StoreError) { size = try store.fileSize() } catch { return failed(error) }
        let wasDown = state.withLock { state in
            defer { (state.failure, state.size) = (nil, size) }
            return state.failure != nil
        }
        if wasDown { logger.notice("store: written again") }
    }

    /// A page of the file is damaged. What is in memory goes into the new one.
    private func replace(_ store: EventStore) {
        let (fresh, remarks) = StoreFile.replace(store, now: settings.now())
        for remark in remarks { logger.error("\(remark)") }
        state.withLock { $0.store = fresh }
    }
}

extension EventLedger.State {
    /// Takes out what has been written and has not changed since.
    fileprivate mutating func settle(_ batch: [EventLedger.PendingEvent], _ outcomes: [RecordOutcome?]) {
        var done: Set<Int> = []
        for (pending, outcome) in zip(batch, outcomes) {
            done.insert(pending.change)
            guard let outcome else { continue }
            written.note(
                pending.event.id,
                EventLedger.RecentlyWritten.Entry(
                    seq: outcome.seq, revision: outcome.revision, victims: pending.event.record.victims.count,
                    recordedAt: pending.event.recordedAt))
        }
        pending.removeAll { done.contains($0.change) }
    }
}

extension StoredCounters {
    /// The file may know of more: what another process has recorded. None goes back.
    mutating func raise(to other: StoredCounters) {
        victimsByScope.merge(other.victimsByScope, uniquingKeysWith: max)
        eventsByScope.merge(other.eventsByScope, uniquingKeysWith: max)
        victimsByCause.merge(other.victimsByCause, uniquingKeysWith: max)
        lostRecords = max(lostRecords, other.lostRecords)
        if let time = other.lastKill { lastKill = max(lastKill ?? time, time) }
    }
}
