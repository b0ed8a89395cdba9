/// What takes a request's body part by part as it comes in, so that no body is ever whole in memory; then it answers.
///
/// One value serves one request, on the one thread that serves its connection.
public struct BodyIntake {
    let receive: (UnsafeRawBufferPointer) -> Void
    let answer: () throws -> Response

    public init(receive: @escaping (UnsafeRawBufferPointer) -> Void, answer: @escaping () throws -> Response) {
        self.receive = receive
        self.answer = answer
    }

    /// The answer to a body that is whole already, as a test without a socket has it.
    func answer(toWhole body: [UInt8], limit: Int) throws -> Response {
        guard body.count <= limit else { throw HTTPFault.bodyTooLarge(limit) }
        body.withUnsafeBytes(receive)
        return try answer()
    }
}

/// Who answers requests: all of them whole, but those whose route takes their body as it comes.
struct Responder: Sendable {
    let respond: @Sendable (Request) -> Response
    /// nil for a request that is to come whole. It is asked with the head alone.
    let intake: @Sendable (Request) -> (BodyIntake, limit: Int)?
    /// Renders what an intake throws.
    let rescue: @Sendable (Request, () throws -> Response) -> Response

    init(_ respond: @escaping @Sendable (Request) -> Response) {
        self.respond = respond
        intake = { _ in nil }
        rescue = { request, _ in respond(request) }
    }

    init(_ router: Router) {
        respond = router.respond
        intake = router.intake
        rescue = router.respond
    }
}
