/// One request, whole: its head was checked and its body has come in.
public struct Request: Sendable {
    public let method: Method
    /// Decoded, and free of `..`; `*` for `OPTIONS *`.
    public let path: String
    public let query: Query
    public let headers: Headers
    public var body: [UInt8]
    public private(set) var peer = Peer.unknown

    /// The path as it is after decoding; nothing is checked.
    public init(
        _ method: Method = .get, path: String = "/", query: Query = Query(), headers: Headers = Headers(), body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// A request as a client would write it: `Request(.get, "/zones?node=0")`.
    ///
    /// - Throws: when the target would be refused on the wire too.
    public init(_ method: Method, _ target: String, headers: Headers = Headers(), body: [UInt8] = []) throws(HTTPFault) {
        let target = try RequestTarget(parsing: [UInt8](target.utf8))
        self.init(method, path: target.path, query: target.query, headers: headers, body: body)
    }

    /// The same request from that peer.
    public consuming func from(_ peer: Peer) -> Request {
        self.peer = peer
        return self
    }
}
