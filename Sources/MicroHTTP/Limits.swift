/// What one client may take: bytes, seconds and connections.
public struct Limits: Sendable, Hashable {
    /// Open at a time for each listen address; the next one waits in the backlog.
    public var connections = 1000
    /// The same for one client address; 0 is none: behind a proxy all clients share one.
    public var perAddress = 0
    /// A larger body is answered 413; a route that takes its bodies as they come has a limit of its own.
    public var bodyBytes = 65_536
    /// The longest target, path and query together; a longer one is answered 414.
    public var queryBytes = 4096  // house: allow units, because these bytes are HTTP's
    /// The longest head, request line and fields together; a longer one is answered 431.
    public var headerBytes = 8192
    /// From the accept, or the first byte on a kept connection, to the end of the head.
    public var headDeadline: Duration = .seconds(10)
    /// After this a body must have come in at `bodyBytesPerSecond` on average.
    public var bodyGrace: Duration = .seconds(10)
    public var bodyBytesPerSecond = 65_536
    /// From the end of the request to the last byte of the answer leaving: a client that does not read is cut off.
    public var answerDeadline: Duration = .seconds(60)
    /// A kept connection that says nothing is closed; whole seconds.
    public var idle: Duration = .seconds(60)
    /// How long a stop waits for what is in flight.
    public var drain: Duration = .seconds(5)
    /// libmicrohttpd's memory for one connection. It clears all of it for each request, which is most of what a request
    /// costs there (8 KB 12.9 µs, 32 KB 14.5); below twice `headerBytes` it answers 431 and 414 in words of its own.
    public var connectionMemory = 16_384
    /// Threads for each listen address: two, so that a slow handler does not hold up a probe.
    public var threads = 2

    public init() {}

    /// A chunked body has no length to refuse beforehand: it is swallowed up to here, then the connection is cut.
    func bodyCut(of limit: Int) -> Int {
        let (slack, overflow) = bodyBytes.multipliedReportingOverflow(by: 15)
        return overflow || limit > Int.max - slack ? .max : limit + slack
    }
}
