import Host
public import Kernel
import Logging
import Synchronization

extension OOMWatch {
    /// The whole life of the thread.
    func follow(until stop: WakeUp) {
        var reader = Reader(assembler: OOMReportAssembler(limits: settings.limits))
        var pause = settings.firstPause
        while !stop.isRaised {
            do throws(SourceError) {
                try follow(&reader, until: stop)
            } catch {
                failed(error)
                if reader.hasCaughtUp { pause = settings.firstPause }
                reader.hasCaughtUp = false
                guard wait(until: stop, for: pause) else { return }
                pause = min(Nanoseconds(pause.count * 2), settings.longestPause)
            }
        }
    }

    /// Reads what there is and returns, for those who want one look. Not while the thread runs.
    public func readToEnd() throws(SourceError) {
        var reader = Reader(assembler: OOMReportAssembler(limits: settings.limits))
        var log = try KernelLog(root: settings.root)
        while true {
            switch try log.readNext() {
            case .record(let record): publish(reader.assembler.add(record), of: log, reader)
            case .malformed: state.withLock { $0.counters.malformedRecords += 1 }
            case .caughtUp, .ended: return publish(reader.assembler.finish(), of: log, reader)
            }
        }
    }

    /// What outlives a failed read: records that were read before it are not read again.
    private struct Reader {
        var assembler: OOMReportAssembler
        var last: UInt64?
        var losses = KernelLogLosses()
        /// The log has been read to its end since it was opened.
        var hasCaughtUp = false
    }

    private func follow(_ reader: inout Reader, until stop: WakeUp) throws(SourceError) {
        var log = try KernelLog(root: settings.root, after: reader.last)
        succeeded(log.path)
        let before = reader.losses
        while !stop.isRaised {
            let reading = try log.readNext()
            note(before + log.losses, &reader)
            switch reading {
            case .record(let record):
                reader.last = record.sequence
                publish(reader.assembler.add(record), of: log, reader)
            case .malformed: state.withLock { $0.counters.malformedRecords += 1 }
            case .caughtUp: try rest(&reader, log, until: stop)
            case .ended: try end(&reader, log, until: stop)
            }
        }
    }

    /// A report whose end never comes must not wait for another record.
    private func rest(_ reader: inout Reader, _ log: borrowing KernelLog, until stop: WakeUp) throws(SourceError) {
        caughtUp(&reader)
        let patience = Nanoseconds(settings.limits.silence.microseconds * 1_000)
        if try log.wait(until: stop, for: reader.assembler.isWaiting ? patience : nil) == .silence {
            publish(reader.assembler.expire(), of: log, reader)
        }
    }

    private func end(_ reader: inout Reader, _ log: borrowing KernelLog, until stop: WakeUp) throws(SourceError) {
        publish(reader.assembler.finish(), of: log, reader)
        caughtUp(&reader)
        _ = try stop.wait(for: nil)
    }

    private func caughtUp(_ reader: inout Reader) {
        guard !reader.hasCaughtUp else { return }
        reader.hasCaughtUp = true
        // What was counted and is in no ring any more was before our time.
        let counted = ProcFS(root: settings.root).readSnapshot().vmStat.value?.oomKills
        state.withLock { state in
            state.killLines = reader.assembler.killLines
            if let counted { state.reconcile(counted, at: .monotonic) }
            state.status.isReady = true
        }
    }

    private func publish(_ reports: [OOMReport], of log: borrowing KernelLog, _ reader: borrowing Reader) {
        guard !reports.isEmpty else { return }
        let events = reports.map { OOMEvent($0.forKeeping(tasks: settings.tasks), origin: settings.bootID) }
        let clock = log.isLive ? WallClock(now: .now, monotonic: .monotonic, fresh: reader.hasCaughtUp ? reader.last : nil) : nil
        state.withLock { state in
            for event in events { state.put(event, by: clock) }
            state.killLines = reader.assembler.killLines
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

extension OOMWatch.State {
    /// Keeps and counts an event, or what is new in it; its time stays as it was first told.
    fileprivate mutating func put(_ event: OOMEvent, by clock: WallClock?) {
        var event = event
        event.killedAt =
            ring.event(event.id)?.killedAt
            ?? event.time.flatMap {
                clock?.timestamp(of: $0, inRecord: event.anchor)
            }
        switch ring.put(event) {
        case .added: counters.count(event, replacing: nil)
        case .revised(let earlier): counters.count(event, replacing: earlier)
        case .tooOld: break
        }
    }
}
