public import Kernel

/// "Exit 137: was it the OOM killer?", with the proof for either answer.
public struct KillVerdict: Hashable, Sendable {
    public let question: KillQuestion
    public let answer: Answer
    /// Kills that the question may be about, the nearest in time first.
    public let events: [StoredEvent]
    /// The parts of the time in question for which the kernel's log was read without a gap.
    public let covered: [CoveredSpan]
    public let uncovered: [ClosedRange<Timestamp>]

    public enum Answer: String, CaseIterable, Hashable, Sendable {
        case killed
        /// The log was read without a gap, and has nothing of it.
        case notKilled = "not_killed"
        case unknown
    }
}

/// About whom, and when.
public struct KillQuestion: Hashable, Sendable {
    public let subject: Subject
    public let time: Timestamp
    /// Before it and after it: people's clocks differ, and a container's end is noted later than its death.
    public let tolerance: Nanoseconds

    public enum Subject: Hashable, Sendable {
        case processID(ProcessID)
        case container(String)
        case unit(String)
        case comm(CommandName)
    }

    public static let standardTolerance = Nanoseconds(120_000_000_000)

    public init(_ subject: Subject, at time: Timestamp, within tolerance: Nanoseconds = Self.standardTolerance) {
        self.subject = subject
        self.time = time
        self.tolerance = tolerance
    }

    /// What lies ahead cannot have happened.
    public func span(until now: Timestamp) -> ClosedRange<Timestamp> {
        let (first, underflow) = time.unixNanoseconds.subtractingReportingOverflow(tolerance.count)
        let (last, overflow) = time.unixNanoseconds.addingReportingOverflow(tolerance.count)
        let from = Timestamp(unixNanoseconds: underflow ? .min : first)
        return from...max(from, time, min(Timestamp(unixNanoseconds: overflow ? .max : last), now))
    }

    /// The kills of that time, whoever died.
    public func events(until now: Timestamp) -> EventQuery {
        let span = span(until: now)
        var query = EventQuery()
        query.since = span.lowerBound
        query.until = Timestamp(unixNanoseconds: span.upperBound.unixNanoseconds &+ 1)
        query.limit = 1_000
        query.wantsEvidence = true
        return query
    }
}

extension KillVerdict {
    /// - Parameters:
    ///   - events: the kills of that time.
    ///   - spans: for which the log was read.
    public init(_ question: KillQuestion, events: [StoredEvent], spans: [CoveredSpan], now: Timestamp) {
        let wanted = question.span(until: now)
        let near = events.sorted { question.distance(to: $0) < question.distance(to: $1) }
        let named = near.filter { question.names($0) }
        let gaps = CoveredSpan.gaps(in: wanted, leftBy: spans)
        self.question = question
        covered = spans
        uncovered = gaps
        if !named.isEmpty {
            answer = .killed
            self.events = named
        } else {
            // Of a bare kill line nobody knows in which group its victim was.
            self.events = near.filter { question.mayName($0) }
            answer = self.events.isEmpty && gaps.isEmpty ? .notKilled : .unknown
        }
    }
}

extension KillQuestion {
    fileprivate func distance(to event: StoredEvent) -> Int {
        let (apart, overflow) = event.happenedAt.unixNanoseconds.subtractingReportingOverflow(time.unixNanoseconds)
        return overflow || apart == .min ? .max : abs(apart)
    }

    fileprivate func names(_ event: StoredEvent) -> Bool {
        var query = EventQuery()
        switch subject {
        case .processID(let pid): query.processID = pid
        case .comm(let comm): query.comm = comm
        case .container(let id): query.container = id
        case .unit(let unit): query.unit = unit
        }
        return query.wants(event)
    }

    fileprivate func mayName(_ event: StoredEvent) -> Bool {
        switch subject {
        case .processID, .comm: false
        case .container, .unit: event.record.victimCgroup == nil && event.record.limitCgroup == nil
        }
    }
}

extension EventStore {
    /// Of what has been written; for those who have no ledger.
    public func explain(_ question: KillQuestion, now: Timestamp) throws(StoreError) -> KillVerdict {
        let found = try events(question.events(until: now)).events
        let spans = try coverage(touching: question.span(until: now))
        return KillVerdict(question, events: found, spans: spans, now: now)
    }
}
