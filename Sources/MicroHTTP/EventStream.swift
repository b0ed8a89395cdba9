import CMicroHTTPD
import Synchronization

/// An answer without an end: server-sent events to one client (HTML Living Standard §9.2).
///
/// While there is nothing to send the connection is suspended and costs nothing. Suspending and resuming happen under one
/// lock, so that neither can overtake the other. A client that does not read is cut off when its backlog is full: it comes
/// back with the id of the last event that it has seen.
public final class EventStream: Sendable {
    private let state: Mutex<State>
    private let counts: StreamCounts?
    /// Touched by the connection's thread alone, but for the end.
    private let past: Mutex<Past?>
    private let ended: Mutex<(@Sendable () -> Void)?>

    fileprivate struct State: Sendable {
        var pending: [UInt8]
        /// Of `pending`, what has been sent.
        var sent = 0
        var limit = Int.max
        var connection: Suspended?
        var client: Client?
        var isSuspended = false
        var isOver = false
        /// `past` has not been read to its end.
        var hasPast: Bool
        var lastWrite = Monotonic.now()
    }

    /// A connection that may be resumed from any thread, until its request has been completed.
    fileprivate struct Suspended: @unchecked Sendable {
        let connection: Connection
    }

    /// Gives the next part of what is to come before anything that is sent; nil when there is no more. It is asked when the
    /// part before it has been taken, on the connection's thread, so that a long past is never in memory as a whole.
    public typealias Past = @Sendable () -> [UInt8]?

    /// - Parameters:
    ///   - start: what comes first; it may be larger than a backlog.
    ///   - past: what comes then. Nothing may be sent before it has ended.
    ///   - ended: called once, when the client has gone, was cut off or could not be served at all.
    public init(
        _ start: [UInt8] = [], past: Past? = nil, counts: StreamCounts? = nil, ended: @escaping @Sendable () -> Void = {}
    ) {
        state = Mutex(State(pending: start, hasPast: past != nil))
        self.past = Mutex(past)
        self.counts = counts
        self.ended = Mutex(ended)
        counts?.begin()
        counts?.add(start.count)
    }

    /// A response of this stream. Its fields keep caches and proxies from holding it back.
    public func response() -> Response {
        Response(
            .ok,
            headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"],
            body: .stream(self))
    }

    /// Does not wait for the client. False when the stream is over; then nothing will be sent.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            guard !state.isOver else { return false }
            guard state.pending.count - state.sent + bytes.count <= state.limit else {
                state.isOver = true
                counts?.cutOne()
                state.client?.cut()
                state.resume()
                return false
            }
            state.pending += bytes
            counts?.add(bytes.count)
            state.resume()
            return true
        }
    }

    /// What is pending is still sent.
    public func end() {
        state.withLock { state in
            state.isOver = true
            state.resume()
        }
    }
}

extension EventStream {
    func begin(on connection: Connection) {
        mhd_forget_timeout(connection.raw)
        let client = connection.client
        state.withLock { state in
            state.connection = Suspended(connection: connection)
            state.client = client
        }
    }

    /// From now on a client that leaves that much unread is cut off. What was there before it came is not its fault.
    func bound(by limit: Int) {
        state.withLock { $0.limit = limit + $0.pending.count }
    }

    /// Asked by libmicrohttpd; nil ends the stream, 0 is for a connection that was suspended.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            switch state.withLock({ $0.step(into: buffer) }) {
            case .sent(let count):
                counts?.add(-count)
                return count
            case .suspended: return 0
            case .over: return nil
            case .past: readPast()
            }
        }
    }

    /// Without the lock: it may read a file, and its end may be that somebody begins to send.
    private func readPast() {
        let next = past.withLock { $0 }
        let bytes = next?()
        state.withLock { state in
            state.pending += bytes ?? []
            state.hasPast = bytes != nil
        }
        counts?.add(bytes?.count ?? 0)
        if bytes == nil { past.withLock { $0 = nil } }
    }

    /// The request is completed: the connection is no longer ours.
    func finish() {
        state.withLock { state in
            state.isOver = true
            state.isSuspended = false
            state.hasPast = false
            (state.connection, state.client) = (nil, nil)
            counts?.add(state.sent - state.pending.count)
            state.pending = []
            state.sent = 0
        }
        past.withLock { $0 = nil }
        let ended = self.ended.withLock { ended in
            defer { ended = nil }
            return ended
        }
        guard let ended else { return }
        counts?.end()
        ended()
    }

    func beat(at now: Duration, each interval: Duration) {
        let isQuiet = state.withLock { $0.isSuspended && now - $0.lastWrite >= interval }
        if isQuiet { send(Array(":\n\n".utf8)) }
    }
}

extension EventStream.State {
    fileprivate enum Step {
        case sent(Int)
        case suspended, over, past
    }

    fileprivate mutating func step(into buffer: UnsafeMutableRawBufferPointer) -> Step {
        lastWrite = Monotonic.now()
        let count = min(pending.count - sent, buffer.count)
        if count > 0 {
            pending.withUnsafeBytes { pending in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[sent..<sent + count]))
            }
            take(count)
            return .sent(count)
        }
        guard !isOver, let connection else { return .over }
        guard !hasPast else { return .past }
        isSuspended = true
        MHD_suspend_connection(connection.connection.raw)
        return .suspended
    }

    fileprivate mutating func resume() {
        guard isSuspended, let connection else { return }
        isSuspended = false
        MHD_resume_connection(connection.connection.raw)
    }

    fileprivate mutating func take(_ count: Int) {
        sent += count
        guard sent == pending.count else { return }
        pending.removeAll(keepingCapacity: pending.capacity <= 1 << 14)
        sent = 0
    }
}

/// Every stream that is open.
final class EventStreams: Sendable {
    private let limits: Limits
    private let all = Mutex<(open: [ObjectIdentifier: EventStream], isEnding: Bool)>(([:], false))

    init(_ limits: Limits) { self.limits = limits }

    /// False where there are as many as may be, or the server is ending.
    func insert(_ stream: EventStream) -> Bool {
        let isTaken = all.withLock { all in
            guard !all.isEnding, all.open.count < limits.streams else { return false }
            all.open[ObjectIdentifier(stream)] = stream
            return true
        }
        if isTaken { stream.bound(by: limits.streamBacklog) }
        return isTaken
    }

    func remove(_ stream: EventStream) {
        _ = all.withLock { $0.open.removeValue(forKey: ObjectIdentifier(stream)) }
        stream.finish()
    }

    func beat(at now: Duration) {
        for stream in all.withLock({ Array($0.open.values) }) { stream.beat(at: now, each: limits.streamHeartbeat) }
    }

    /// A daemon must not be stopped with suspended connections.
    func end() {
        let open = all.withLock { all in
            all.isEnding = true
            return Array(all.open.values)
        }
        for stream in open { stream.end() }
    }
}
