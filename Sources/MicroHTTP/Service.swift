import CMicroHTTPD
import Synchronization

/// What the callbacks of all daemons share: the rules of a request's life, from its head to its answer.
final class Service: Sendable {
    let limits: Limits
    let events: @Sendable (ServerEvent) -> Void
    let clients = Clients()
    private let responder: Responder
    private let faults: FaultRenderer
    private let inFlight = Atomic<Int>(0)
    private let isDraining = Atomic<Bool>(false)

    init(
        _ limits: Limits, _ responder: Responder, _ faults: @escaping FaultRenderer,
        _ events: @escaping @Sendable (ServerEvent) -> Void
    ) {
        self.limits = limits
        self.responder = responder
        self.faults = faults
        self.events = events
    }

    var isQuiet: Bool { inFlight.load(ordering: .acquiring) == 0 }

    /// From now on each answer asks its client to connect anew, elsewhere.
    func beginDraining() { isDraining.store(true, ordering: .releasing) }

    /// libmicrohttpd closes the connection after any answer that is queued this early, so only refusals are.
    func receiveHead(_ exchange: Exchange, _ raw: RawHead, on connection: Connection) -> MHD_Result {
        inFlight.add(1, ordering: .relaxed)
        do throws(HTTPFault) {
            let head = try Head(raw, exchange.target, of: connection, limits)
            let request = head.request(from: connection.client?.peer ?? .unknown)
            let intake = head.body == .none ? nil : responder.intake(request)
            let limit = intake?.limit ?? limits.bodyBytes
            try head.checkBody(limit: limit)
            exchange.accept(request, intake?.0, expecting: head.expectedBody, limit: limit)
            connection.client?.enter(head.body == .none ? .answer : .body(received: 0))
            return .YES
        } catch {
            exchange.refuse()
            connection.client?.enter(.answer)
            return refuse(error, nil, on: connection)
        }
    }

    func receiveBody(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer, on connection: Connection) -> MHD_Result {
        connection.client?.receive(bytes.count)
        return exchange.receive(bytes, limits) ? .YES : .NO
    }

    func answer(_ exchange: Exchange, on connection: Connection) -> MHD_Result {
        guard let request = exchange.request else { return .NO }
        if case .excess = exchange.step { return refuse(.bodyTooLarge(exchange.limit), request, on: connection) }
        connection.client?.enter(.answer)
        let response = exchange.intake.map { responder.rescue(request, $0.answer) } ?? responder.respond(request)
        return send(response, to: request, on: connection)
    }

    /// The answer has left, or the client has.
    func complete(_ exchange: Exchange, on connection: Connection) {
        if case .head = exchange.step { return }
        inFlight.subtract(1, ordering: .releasing)
        connection.client?.enter(.idle)
    }

    private func refuse(_ fault: HTTPFault, _ request: Request?, on connection: Connection) -> MHD_Result {
        events(.refused(fault, connection.client?.peer ?? .unknown))
        return send(fault.response(by: faults, request), to: request, on: connection)
    }

    /// One shared body is queued as it is; everything else becomes a response of its own.
    private func send(_ response: Response, to request: Request?, on connection: Connection) -> MHD_Result {
        let closes = isDraining.load(ordering: .acquiring)
        if case .shared(let shared) = response.body, response.headers.isEmpty, !closes {
            return shared.prepared.queue(on: connection, response.status) ? .YES : .NO
        }
        do throws(HTTPFault) {
            return try sendOwn(response, closes, on: connection)
        } catch {
            events(.refused(error, connection.client?.peer ?? .unknown))
            return sendFault(error, request, closes, on: connection)
        }
    }

    private func sendOwn(_ response: Response, _ closes: Bool, on connection: Connection) throws(HTTPFault) -> MHD_Result {
        var headers = response.allHeaders
        if closes, !headers.contains("Connection") { headers.append("Connection", "close") }
        let prepared = try PreparedResponse(response.body.bytes, headers)
        defer { prepared.release() }
        return prepared.queue(on: connection, response.status) ? .YES : .NO
    }

    /// Without a body if its rendering cannot be sent either.
    private func sendFault(
        _ fault: HTTPFault, _ request: Request?, _ closes: Bool, on connection: Connection
    ) -> MHD_Result {
        do throws(HTTPFault) {
            return try sendOwn(fault.response(by: faults, request), closes, on: connection)
        } catch {
            events(.refused(error, connection.client?.peer ?? .unknown))
        }
        do throws(HTTPFault) {
            return try sendOwn(Response(fault.status), closes, on: connection)
        } catch {
            return .NO
        }
    }
}

extension HTTPFault {
    /// The owner's rendering, with the fields that this fault must carry.
    func response(by render: FaultRenderer, _ request: Request?) -> Response {
        var response = render(self, request)
        let present = response.allHeaders
        for (name, value) in headers.pairs where !present.contains(name) { response.headers.append(name, value) }
        return response
    }

    static func bodyTooLarge(_ limit: Int) -> HTTPFault {
        HTTPFault(.bodyTooLarge, "a body is at most \(limit) bytes here; send less")
    }
}
