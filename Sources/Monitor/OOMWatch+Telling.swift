import Diagnosis
import Host
import Kernel
import Store
import Synchronization

extension OOMWatch {
    /// What outlives a failed read: records that were read before it are not read again.
    struct Reader {
        var assembler: EvidenceAssembler
        private(set) var lastRecord: KernelLogRecord?
        var losses = KernelLogLosses()
        /// The log has been read to its end since it was opened.
        var hasCaughtUp = false
        var isFirst = true
        /// Of an earlier life: what is missing behind it was overwritten while we were down.
        private var expected: UInt64?

        init(_ settings: Settings, after last: UInt64?) {
            assembler = EvidenceAssembler(limits: settings.limits)
            expected = last.map { $0 &+ 1 }
        }

        var last: UInt64? { lastRecord?.sequence }

        /// - Returns: how many records are missing before this one.
        mutating func read(_ record: KernelLogRecord) -> UInt64 {
            let wanted = lastRecord.map { $0.sequence &+ 1 } ?? expected ?? record.sequence
            lastRecord = record
            return record.sequence > wanted ? record.sequence - wanted : 0
        }
    }

    func clock(_ reader: borrowing Reader) -> WallClock {
        WallClock(now: .now, monotonic: .monotonic, fresh: reader.hasCaughtUp ? reader.last : nil)
    }

    func tell(_ reports: [EvidencedReport], of log: borrowing KernelLog, _ reader: borrowing Reader) {
        guard !reports.isEmpty else { return }
        let clock = log.isLive ? clock(reader) : nil
        for read in reports {
            var record = EventRecord(of: read, OOMDiagnosis(of: read.report), bootID: settings.bootID)
            record.killedAt = read.report.time.flatMap {
                clock?.timestamp(of: $0, inRecord: UInt64(clamping: read.report.anchor))
            }
            record.isTimeEstimated = record.killedAt != nil && !reader.hasCaughtUp
            if log.isLive, reader.hasCaughtUp { deriveLimit(of: &record) }
            tell(
                record, id: "\(settings.bootID)-\(read.report.anchor)", isFromBefore: log.isLive && isFromBefore(reader),
                isNow: log.isLive && reader.hasCaughtUp)
        }
        let killLines = reader.assembler.killLines
        state.withLock { $0.killLines = killLines }
    }

    /// A bare kill line says that a memory cgroup was full, and not which.
    private func deriveLimit(of record: inout EventRecord) {
        guard record.scope == .memcg, record.limitCgroup == nil, record.victimCgroup == nil, let victim = record.victims.first,
            let process = victim.processID, let name = victim.comm
        else { return }
        guard let group = settings.limitingGroup(process, name) else { return }
        record.derive(limit: group)
    }

    /// Records that nobody can read any more are an event of their own: a kill may have been among them.
    func tellLoss(of count: UInt64, before next: KernelLogRecord, of log: borrowing KernelLog, _ reader: borrowing Reader) {
        let first = next.sequence - count
        var record = EventRecord(
            .recordsLost, EventIdentity(bootID: settings.bootID, time: next.time, sequence: first, fingerprint: first))
        record.lostRecords = Int(clamping: count)
        record.killedAt = log.isLive ? clock(reader).timestamp(of: next) : nil
        record.isTimeEstimated = record.killedAt != nil
        tell(
            record, id: "\(settings.bootID)-lost-\(first)", isFromBefore: log.isLive && isFromBefore(reader),
            isNow: log.isLive && reader.hasCaughtUp)
    }

    func tell(_ record: EventRecord, id: String, source: String = "kmsg", isFromBefore: Bool = false, isNow: Bool) {
        let shown = ledger.show(record, id: id, source: source, isFromBefore: isFromBefore)
        if isNow, shown.isNew { settings.onEvent(shown.event) }
    }

    func noteHungTask(_ record: KernelLogRecord, of log: borrowing KernelLog, _ reader: borrowing Reader) {
        guard record.isFromKernel, reader.hasCaughtUp, log.isLive, let line = HungTaskLine(record.text) else { return }
        settings.onHungTask(line)
    }

    /// Whether it lay in the ring when we looked for the first time ever.
    private func isFromBefore(_ reader: borrowing Reader) -> Bool { !reader.hasCaughtUp && !ledger.hasHistory }
}

extension WallClock {
    func timestamp(of record: KernelLogRecord) -> Timestamp { timestamp(of: record.time, inRecord: record.sequence) }
}
