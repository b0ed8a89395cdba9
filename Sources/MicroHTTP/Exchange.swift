/// One request on its way in: made when its target was read, freed when libmicrohttpd is done with it. It is only ever
/// touched by the one thread that serves its connection.
final class Exchange {
    let target: [UInt8]
    private(set) var step = Step.head
    private(set) var request: Request?
    /// The answer, where it is one without an end.
    var stream: EventStream?
    private var received = 0

    enum Step {
        case head
        case body
        /// A chunked body has grown past the limit; it is read to its end and dropped.
        case excess
        case refused
    }

    init(target: [UInt8]) { self.target = target }

    func accept(_ request: Request, expecting count: Int) {
        self.request = request
        self.request?.body.reserveCapacity(count)
        step = .body
    }

    func refuse() { step = .refused }

    /// False when even what is swallowed has become too much.
    func receive(_ bytes: UnsafeRawBufferPointer, _ limits: Limits) -> Bool {
        received += bytes.count
        if received > limits.bodyBytes {
            step = .excess
            request?.body = []
            return received <= limits.bodyCut
        }
        request?.body.append(contentsOf: bytes)
        return true
    }
}
