import Kernel
import Store
import Synchronization

extension EventLedger {
    /// The last record of this boot that an earlier life has read; nil where there was none.
    var lastCovered: UInt64? { state.withLock { $0.lastCovered } }

    /// The log is read without a gap from this record on.
    func beginSpan(at record: KernelLogRecord, time: Timestamp) {
        let span = CoveredSpan(
            bootID: settings.bootID, sequences: record.sequence...record.sequence, kernelTime: record.time...record.time,
            time: time...time)
        state.withLock { state in
            state.coverage.append(span)
            state.isFollowing = false
        }
    }

    /// Everything up to this record, and up to now, has been read.
    func cover(until record: KernelLogRecord) {
        let now = settings.now()
        state.withLock { state in
            guard let span = state.coverage.last else { return }
            let end = max(record.sequence, span.sequences.upperBound)
            state.coverage[state.coverage.endIndex - 1] = CoveredSpan(
                bootID: span.bootID, sequences: span.sequences.lowerBound...end,
                kernelTime: span.kernelTime.lowerBound...max(record.time, span.kernelTime.upperBound), time: span.time
            ).upTo(now)
            state.isFollowing = true
        }
    }

    /// The log is not being read for a while.
    func rest() {
        let now = settings.now()
        state.withLock { state in
            state.extendCoverage(to: now)
            state.isFollowing = false
        }
    }

    /// What is known of this life; what it is written into may know of more.
    var coverage: [CoveredSpan] {
        let now = settings.now()
        return state.withLock { state in
            state.extendCoverage(to: now)
            return state.coverage
        }
    }
}

extension EventLedger.State {
    /// While the log is followed, silence is proof as well.
    mutating func extendCoverage(to now: Timestamp) {
        guard isFollowing, let span = coverage.last else { return }
        coverage[coverage.endIndex - 1] = span.upTo(now)
    }
}

extension CoveredSpan {
    /// The clock may have been set back: a span does not become shorter for that.
    fileprivate func upTo(_ now: Timestamp) -> CoveredSpan {
        CoveredSpan(
            bootID: bootID, sequences: sequences, kernelTime: kernelTime, time: time.lowerBound...max(time.upperBound, now))
    }
}
