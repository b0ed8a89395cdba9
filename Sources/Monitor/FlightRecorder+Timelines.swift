public import Kernel
import Synchronization

extension FlightRecorder {
    /// An event of now: ten seconds later the time around it is put aside, so that the ring may forget it.
    public func noteEvent(_ id: String, at time: Timestamp) {
        state.withLock { state in
            guard state.timelines.waiting.count < Timelines.most else { return }
            state.timelines.waiting.append((id, time))
        }
    }

    /// What was put aside of an event; nil where nothing was, or it was forgotten for newer ones.
    public func timeline(of id: String) -> Timeline? {
        let bytes = state.withLock { state in state.timelines.kept.last { $0.id == id }?.bytes }
        return bytes.flatMap(Timeline.init(decoding:))
    }

    /// Puts aside what is due. The work is done elsewhere: it allocates.
    func keepTimelines(at time: RecordedTime) {
        let due = state.withLock { state in state.timelines.takeDue(at: time.wall) }
        guard !due.isEmpty else { return }
        settings.slowWork { [self] in
            for (id, time) in due { keepTimeline(of: id, at: time) }
        }
    }

    /// Puts aside what there is now.
    public func keepTimeline(of id: String, at time: Timestamp) {
        let bytes = timeline(around: time).encoded
        state.withLock { $0.timelines.keep(id, bytes) }
        settings.onTimeline(id, bytes)
    }
}

/// The time around the last events, as bytes.
struct Timelines: Sendable {
    static let most = 64
    private static let mostBytes = 1 << 20

    fileprivate var waiting: [(id: String, at: Timestamp)] = []
    fileprivate var kept: [(id: String, bytes: [UInt8])] = []

    fileprivate mutating func takeDue(at now: Timestamp) -> [(id: String, at: Timestamp)] {
        guard !waiting.isEmpty else { return [] }
        // A clock that was set back must not make one wait for ever.
        let isDue: ((id: String, at: Timestamp)) -> Bool = {
            (now.unixNanoseconds &- $0.at.unixNanoseconds).magnitude > UInt(Timeline.after.count)
        }
        defer { waiting.removeAll(where: isDue) }
        return waiting.filter(isDue)
    }

    fileprivate mutating func keep(_ id: String, _ bytes: [UInt8]) {
        kept.append((id, bytes))
        while kept.count > Self.most || (kept.count > 1 && kept.reduce(0, { $0 + $1.bytes.count }) > Self.mostBytes) {
            kept.removeFirst()
        }
    }
}
