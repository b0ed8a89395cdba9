import MicroHTTP
import Representation

/// Why a request is answered with a problem document. Every route throws it; `ProblemResponses` renders it.
struct Refusal: Error, Sendable {
    let status: Status
    /// For programs: the last part of the problem's type.
    let type: String
    /// For people: what happened here.
    let detail: String
    /// For people: what to do about it.
    let nextStep: String
    let headers: Headers

    init(_ status: Status, _ type: String, _ detail: String, next nextStep: String, headers: Headers = Headers()) {
        self.status = status
        self.type = type
        self.detail = detail
        self.nextStep = nextStep
        self.headers = headers
    }

    func problem(at path: String) -> Problem {
        Problem(
            type: type, title: status.reason, status: status.code, detail: detail, nextStep: nextStep, instance: path)
    }
}
