import Glibc
import Synchronization

/// Serves HTTP/1.1 over libmicrohttpd: framing, limits and time are settled here, and a responder sees whole requests.
///
/// The way of a request: `Callbacks` (C, on libmicrohttpd's threads) → `Exchange` (on its way in) → `Head` with
/// `HeaderScan`, `HeadLayout` and `RequestTarget` (every reason to refuse) → the responder, mostly a `Router` →
/// `PreparedResponse`. Beside it `Sweeper` ends what is overdue. A responder runs on the thread that serves all clients
/// of that thread: it must not wait for anything.
///
/// What libmicrohttpd answers itself, in words of its own and with the connection closed: a head beyond
/// `connectionMemory` (414, 431), a malformed Content-Length (400) or one beyond 64 bits (413), a field without a colon,
/// a malformed chunk (400), HTTP/0.9 and HTTP/2 (505). `HeadLayout` says what it hides.
public final class HTTPServer: Sendable {
    /// With the real port where 0 was asked for.
    public let addresses: [ListenAddress]
    private let service: Service
    private let sweeper: Sweeper
    private let daemons: Mutex<[Daemon]>

    /// Serves whole requests.
    ///
    /// - Throws: when an address cannot be had; then none is kept.
    public convenience init(
        listen: [ListenAddress], limits: Limits = Limits(), responder: @escaping @Sendable (Request) -> Response,
        faults: @escaping FaultRenderer, events: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws(ServerError) {
        try self.init(listen, Service(limits, Responder(responder), faults, events))
    }

    /// Serves a table of routes, those too that take their bodies as they come.
    ///
    /// - Throws: when an address cannot be had; then none is kept.
    public convenience init(
        listen: [ListenAddress], limits: Limits = Limits(), router: Router,
        events: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws(ServerError) {
        try self.init(listen, Service(limits, Responder(router), router.faults, events))
    }

    private init(_ listen: [ListenAddress], _ service: Service) throws(ServerError) {
        self.service = service
        let started = try Self.serve(listen, service)
        do throws(ServerError) {
            sweeper = try Sweeper(service)
        } catch {
            Self.end(started)
            throw error
        }
        addresses = started.map(\.socket.address)
        daemons = Mutex(started)
    }

    deinit { stop(drainingFor: .zero) }

    /// Refuses further clients, waits for the requests that are in flight, at most that long, and ends.
    public func stop(drainingFor limit: Duration? = nil) {
        let daemons = self.daemons.withLock { daemons in
            defer { daemons = [] }
            return daemons
        }
        service.beginDraining()
        for daemon in daemons { daemon.quiesce() }
        waitUntilQuiet(limit ?? service.limits.drain)
        for daemon in daemons { daemon.stop() }
        sweeper.stop()
    }

    private func waitUntilQuiet(_ limit: Duration) {
        let end = Monotonic.now() + limit
        while !service.isQuiet, Monotonic.now() < end { usleep(2000) }
    }

    private static func serve(_ listen: [ListenAddress], _ service: Service) throws(ServerError) -> [Daemon] {
        var started: [Daemon] = []
        do throws(ServerError) {
            for address in listen { started.append(try Daemon(ListeningSocket(address), service)) }
        } catch {
            end(started)
            throw error
        }
        return started
    }

    private static func end(_ daemons: [Daemon]) {
        for daemon in daemons {
            daemon.quiesce()
            daemon.stop()
        }
    }
}
