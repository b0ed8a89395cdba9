/// One request on its way in: made when its target was read, freed when libmicrohttpd is done with it. It is only ever
/// touched by the one thread that serves its connection.
final class Exchange {
    let target: [UInt8]
    private(set) var step = Step.head
    private(set) var request: Request?
    /// What takes the body; nil where it is kept whole in the request.
    private(set) var intake: BodyIntake?
    private var received = 0
    private(set) var limit = 0

    enum Step {
        case head
        case body
        /// A chunked body has grown past its limit; it is read to its end and dropped.
        case excess
        case refused
    }

    init(target: [UInt8]) { self.target = target }

    /// - Parameter limit: the most bytes that its body may have.
    func accept(_ request: Request, _ intake: BodyIntake?, expecting count: Int, limit: Int) {
        self.request = request
        self.intake = intake
        self.limit = limit
        if intake == nil { self.request?.body.reserveCapacity(count) }
        step = .body
    }

    func refuse() { step = .refused }

    /// False when even what is swallowed has become too much.
    func receive(_ bytes: UnsafeRawBufferPointer, _ limits: Limits) -> Bool {
        received += bytes.count
        if received > limit {
            step = .excess
            request?.body = []
            intake = nil
            return received <= limits.bodyCut(of: limit)
        }
        if let intake { intake.receive(bytes) } else { request?.body.append(contentsOf: bytes) }
        return true
    }
}
