/// How far a client has come, and since when it has been at that.
struct Progress: Sendable {
    enum Phase: Sendable {
        /// Nothing of a further request has come in.
        case idle
        case head
        case body(received: Int)
        case answer
        /// An answer without an end: its own backlog says when it is too slow.
        case stream
        case cut
    }

    private(set) var phase: Phase
    private(set) var since: Duration

    init(_ phase: Phase, at now: Duration) {
        self.phase = phase
        since = now
    }

    mutating func enter(_ phase: Phase, at now: Duration) {
        self.phase = phase
        since = now
    }

    mutating func receive(_ count: Int) {
        if case .body(let received) = phase { phase = .body(received: received + count) }
    }

    /// What is due by now and not done.
    ///
    /// On a unix socket the first byte of a further head is not seen; silence is libmicrohttpd's business, so a client
    /// that is still idle after both deadlines together has been dribbling.
    func overdue(at now: Duration, _ limits: Limits) -> Overdue? {
        let elapsed = now - since
        switch phase {
        case .idle: return elapsed > limits.idle + limits.headDeadline ? .head : nil
        case .head: return elapsed > limits.headDeadline ? .head : nil
        case .body(let received): return received < limits.bodyBytesDue(after: elapsed) ? .body : nil
        case .answer: return elapsed > limits.answerDeadline ? .answer : nil
        case .stream, .cut: return nil
        }
    }
}

extension Limits {
    /// How much of a body must have come in by then.
    fileprivate func bodyBytesDue(after elapsed: Duration) -> Int {
        guard elapsed > bodyGrace else { return 0 }
        let seconds = (elapsed - bodyGrace) / .seconds(1)
        return Int(min(seconds * Double(bodyBytesPerSecond), Double(Int32.max)))
    }
}
