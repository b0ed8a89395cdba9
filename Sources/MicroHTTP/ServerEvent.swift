/// What the owner of a server may want to count or log. Told on the threads that serve: whoever listens must not block.
public enum ServerEvent: Sendable, CustomStringConvertible {
    /// A line that libmicrohttpd would have logged.
    case message(String)
    /// A request that reached no responder.
    case refused(HTTPFault, Peer)
    /// A client that was too slow and was cut off.
    case overdue(Overdue, Peer)

    public var description: String {
        switch self {
        case .message(let text): text
        case .refused(let fault, let peer): "refused a request of \(peer): \(fault)"
        case .overdue(let overdue, let peer): "cut off \(peer): \(overdue.rawValue)"
        }
    }
}

/// What a client did not finish in time.
public enum Overdue: String, Hashable, Sendable {
    case head = "its request head was not complete in time"
    case body = "its request body came in too slowly"
    case answer = "it did not take its answer in time"
}
