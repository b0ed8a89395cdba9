import Kernel
import MicroHTTP
import Representation
import Store

extension Request {
    /// Of `/explain`: exactly one of pid, container, unit and comm, and a time.
    func killQuestion(now: Timestamp) throws -> KillQuestion {
        let given = ["pid", "container", "unit", "comm"].compactMap { name in query[name].map { (name, $0) } }
        guard given.count == 1, let (name, text) = given.first else {
            throw Refusal(
                .badRequest, "bad_parameter",
                "query: expected one of pid, container, unit and comm, found \(given.count) of them",
                next: "name what ended, as in /explain?container=0123456789ab&at=2026-11-23T18:56:05Z")
        }
        guard let time = try time("at", now: now) else {
            throw Refusal(
                .badRequest, "bad_parameter", "query parameter at: expected the time when it ended, found none",
                next: "add at=2026-11-23T18:56:05Z, or at=10m for ten minutes ago")
        }
        let within = try span("within") ?? KillQuestion.standardTolerance
        return KillQuestion(try subject(name, text), at: time, within: within)
    }

    private func subject(_ name: String, _ text: String) throws -> KillQuestion.Subject {
        switch name {
        case "pid":
            guard let pid = Int32(text), pid > 0 else { throw malformed("pid", "a process number", text) }
            return .processID(ProcessID(pid))
        case "container":
            guard text.utf8.count >= 8 else { throw malformed("container", "at least 8 digits of its id", text) }
            return .container(text)
        case "unit": return .unit(text)
        default: return .comm(CommandName(text.utf8))
        }
    }
}
