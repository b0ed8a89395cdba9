import CMicroHTTPD
import Glibc
import Synchronization

/// One accepted socket and how far its client has come.
final class Client: Sendable {
    let peer: Peer
    private let descriptor: Int32
    private let progress: Mutex<Progress>

    init(_ connection: Connection, at now: Duration) {
        peer = Peer(of: connection)
        descriptor = mhd_socket(connection.raw)
        progress = Mutex(Progress(.head, at: now))
    }

    func enter(_ phase: Progress.Phase) {
        let now = Monotonic.now()
        progress.withLock { $0.enter(phase, at: now) }
    }

    func receive(_ count: Int) { progress.withLock { $0.receive(count) } }

    /// Ends a connection whose client is overdue; libmicrohttpd then sees its end and closes it.
    func cutIfOverdue(at now: Duration, _ limits: Limits) -> Overdue? {
        progress.withLock { progress -> Overdue? in
            if case .idle = progress.phase, hasSent(since: progress.since, now) { progress.enter(.head, at: now) }
            guard let overdue = progress.overdue(at: now, limits) else { return nil }
            progress.enter(.cut, at: now)
            _ = shutdown(descriptor, Int32(SHUT_RDWR))
            return overdue
        }
    }

    /// Ends the connection whatever its client is at. Only before libmicrohttpd has completed its request: then the descriptor
    /// may be another's.
    func cut() {
        enter(.cut)
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Whether bytes came in after that: libmicrohttpd tells of a request when its first line is whole, and a client that
    /// dribbles that line would be idle for ever. The slack is more than a tick of the kernel's and of our clock.
    private func hasSent(since: Duration, _ now: Duration) -> Bool {
        let milliseconds = mhd_milliseconds_since_data(descriptor)
        return milliseconds >= 0 && now - .milliseconds(milliseconds) > since + .milliseconds(50)
    }
}

/// Every client that is connected.
final class Clients: Sendable {
    private let all = Mutex<[ObjectIdentifier: Client]>([:])

    func insert(_ client: Client) { all.withLock { $0[ObjectIdentifier(client)] = client } }

    /// libmicrohttpd tells of the end before it closes the socket, so under the lock no descriptor is one reused.
    func remove(_ client: Client) { _ = all.withLock { $0.removeValue(forKey: ObjectIdentifier(client)) } }

    func cutOverdue(at now: Duration, _ limits: Limits) -> [(Overdue, Peer)] {
        all.withLock { all in
            all.values.compactMap { client in client.cutIfOverdue(at: now, limits).map { ($0, client.peer) } }
        }
    }
}
