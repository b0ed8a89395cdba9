/// A request's head that has passed every check of framing.
struct Head {
    let body: HeaderScan.BodyLength
    private let method: Method
    private let target: RequestTarget
    private let headers: Headers

    /// - Throws: the first thing that is wrong with it; after most of them nobody can say where the next request begins.
    init(_ raw: RawHead, _ target: [UInt8], of connection: Connection, _ limits: Limits) throws(HTTPFault) {
        let scan = HeaderScan(connection, raw, target: target.count)
        guard ASCII.isToken(raw.methodBytes) else { throw HTTPFault(.badRequestLine, "the method must be a token, like GET") }
        body = try scan.check(isVersion10: raw.isVersion10)
        guard !HeadLayout.isKnown || scan.layout.isByTheBook(raw) else {
            throw HTTPFault(.badHeader, "end each line with CRLF, put one blank between the parts of the first, and fold none")
        }
        method = Method(String(cString: raw.method))
        headers = scan.headers
        try Self.checkSizes(raw, target, limits)
        self.target = try RequestTarget(parsing: target)
    }

    /// Memory to set aside for the body: little, as a promise of 64 KB costs its sender nothing.
    var expectedBody: Int { if case .bytes(let count) = body { min(count, 4000) } else { 0 } }

    func request(from peer: Peer) -> Request {
        Request(method, path: target.path, query: target.query, headers: headers).from(peer)
    }

    /// How large a body may be is its route's business.
    func checkBody(limit: Int) throws(HTTPFault) {
        if case .bytes(let count) = body, count > limit { throw .bodyTooLarge(limit) }
    }

    private static func checkSizes(_ raw: RawHead, _ target: [UInt8], _ limits: Limits) throws(HTTPFault) {
        guard target.count <= limits.queryBytes else {
            throw HTTPFault(.targetTooLong, "a target is at most \(limits.queryBytes) bytes; ask for less at a time")
        }
        guard raw.size <= limits.headerBytes else {
            throw HTTPFault(.headersTooLarge, "a request's head is at most \(limits.headerBytes) bytes; send fewer fields")
        }
    }
}
