import Host
public import Kernel
import Logging
import Synchronization

extension OOMWatch {
    /// The whole life of the thread.
    func follow(until stop: WakeUp) {
        var reader = Reader(settings, after: ledger.lastCovered)
        var pause = settings.firstPause
        while !stop.isRaised {
            do throws(SourceError) {
                try follow(&reader, until: stop)
            } catch {
                ledger.rest()
                failed(error)
                if reader.hasCaughtUp { pause = settings.firstPause }
                reader.hasCaughtUp = false
                guard wait(until: stop, for: pause) else { return }
                pause = min(Nanoseconds(pause.count * 2), settings.longestPause)
            }
        }
        ledger.rest()
    }

    /// Reads what there is and returns, for those who want one look. Not while the thread runs.
    public func readToEnd() throws(SourceError) {
        var reader = Reader(settings, after: nil)
        var log = try KernelLog(root: settings.root)
        while true {
            switch try log.readNext() {
            case .record(let record): tell(reader.assembler.add(record), of: log, reader)
            case .malformed: state.withLock { $0.counters.malformedRecords += 1 }
            case .caughtUp, .ended: return tell(reader.assembler.finish(), of: log, reader)
            }
        }
    }

    private func follow(_ reader: inout Reader, until stop: WakeUp) throws(SourceError) {
        var log = try KernelLog(root: settings.root, after: reader.last)
        succeeded(log.path)
        let before = reader.losses
        while !stop.isRaised {
            let reading = try log.readNext()
            note(before + log.losses, &reader)
            switch reading {
            case .record(let record): take(record, of: log, &reader)
            case .malformed: state.withLock { $0.counters.malformedRecords += 1 }
            case .caughtUp: try rest(&reader, log, until: stop)
            case .ended: try end(&reader, log, until: stop)
            }
        }
    }

    private func take(_ record: KernelLogRecord, of log: borrowing KernelLog, _ reader: inout Reader) {
        let lost = reader.read(record)
        if lost > 0 { tellLoss(of: lost, before: record, of: log, reader) }
        noteHungTask(record, of: log, reader)
        let reports = reader.assembler.add(record)
        tell(reports, of: log, reader)
        if lost > 0 || reader.isFirst, log.isLive { ledger.beginSpan(at: record, time: clock(reader).timestamp(of: record)) }
        reader.isFirst = false
    }

    /// A report whose end never comes must not wait for another record.
    private func rest(_ reader: inout Reader, _ log: borrowing KernelLog, until stop: WakeUp) throws(SourceError) {
        caughtUp(&reader, log)
        let patience = Nanoseconds(settings.limits.silence.microseconds * 1_000)
        if try log.wait(until: stop, for: reader.assembler.isWaiting ? patience : nil) == .silence {
            tell(reader.assembler.expire(), of: log, reader)
        }
    }

    private func end(_ reader: inout Reader, _ log: borrowing KernelLog, until stop: WakeUp) throws(SourceError) {
        tell(reader.assembler.finish(), of: log, reader)
        caughtUp(&reader, log)
        _ = try stop.wait(for: nil)
    }

    private func caughtUp(_ reader: inout Reader, _ log: borrowing KernelLog) {
        if log.isLive, let last = reader.lastRecord { ledger.cover(until: last) }
        guard !reader.hasCaughtUp else { return }
        reader.hasCaughtUp = true
        if log.isLive { ledger.caughtUp(at: reader.last ?? 0) }
        // What was counted and is in no ring any more was before our time.
        let counted = ProcFS(root: settings.root).readSnapshot().vmStat.value?.oomKills
        state.withLock { state in
            state.killLines = reader.assembler.killLines
            if let counted { state.reconcile(counted, at: .monotonic) }
            state.status.isReady = true
        }
    }

    private func note(_ losses: KernelLogLosses, _ reader: inout Reader) {
        guard losses != reader.losses else { return }
        reader.losses = losses
        state.withLock { $0.counters.losses = losses }
    }

    private func succeeded(_ path: String) {
        let wasDown = state.withLock { state in
            defer { (state.status.isUp, state.status.reason) = (true, nil) }
            return !state.status.isUp
        }
        if wasDown { logger.info("kernel log: following \(path)") }
    }

    func failed(_ error: SourceError) {
        let isNews = state.withLock { state in
            defer { (state.status.isUp, state.status.reason, state.status.isReady) = (false, error, true) }
            state.counters.failures += 1
            return state.status.reason != error
        }
        if isNews { logger.warning("kernel log: \(error); kills are not seen until it can be read, ignoring") }
    }

    /// False if the thread is to end.
    private func wait(until stop: WakeUp, for pause: Nanoseconds) -> Bool {
        do {
            return try !stop.wait(for: pause)
        } catch {
            failed(error)
            return false
        }
    }
}
