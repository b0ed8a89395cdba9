import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Store

/// The one place where a refused attempt to change something is written down; what is done, and what the kernel refuses, is
/// written by who does it.
struct Attempts: Sendable {
    let context: APIContext

    /// The handler, with each of its refusals noted under this verb.
    func noted(_ verb: AuditEntry.Verb, _ handler: @escaping Route.Handler) -> Route.Handler {
        { request, parameters in
            do { return try handler(request, parameters) } catch {
                note(error, verb, request, parameters)
                throw error
            }
        }
    }

    /// Of these the keeper of protections, or of policies, has an entry already: it had begun.
    private static let begun: Set = [
        "missing_capability", "kernel_refused", "policy_from_file", "no_such_policy", "too_many_policies", "policy_not_kept",
        "broken_policy_file",
    ]

    private func note(_ error: any Error, _ verb: AuditEntry.Verb, _ request: Request, _ parameters: PathParameters) {
        guard let book = context.attempts, let detail = Self.detail(of: error) else { return }
        let who = who(request)
        book.note(by: who.name ?? who.address.map(Self.host) ?? "") {
            var entry = AuditEntry(
                at: context.watch.ledger.now, who: who, verb: verb, result: .refused, action: AuditEntry.newAction())
            tellAsked(of: request, parameters, in: &entry)
            entry.detail = detail
            return entry
        }
    }

    private static func detail(of error: any Error) -> String? {
        switch error {
        case let refusal as Refusal: begun.contains(refusal.type) ? nil : "\(refusal.type): \(refusal.detail)"
        case let fault as HTTPFault: "\(fault.kind.typeName): \(fault.detail)"
        default: nil
        }
    }

    /// Somebody with a wrong credential is nobody.
    private func who(_ request: Request) -> AuditEntry.Who {
        do { return try context.access.identify(request).who } catch {
            return AuditEntry.Who(name: nil, address: request.peer.address)
        }
    }

    /// Of which process, lease or policy, what it had and what it was to have.
    private func tellAsked(of request: Request, _ parameters: PathParameters, in entry: inout AuditEntry) {
        switch entry.verb {
        case .protect:
            tellSubject(parameters, in: &entry)
            let asked = Self.readable { try ProtectionOrder(of: request).order }
            (entry.after, entry.reason) = (asked?.adjustment, asked?.reason)
        case .unprotect: tellSubject(parameters, in: &entry)
        case .endLease: entry.lease = Self.short(parameters["id"])
        case .putPolicy:
            entry.policy = Self.short(parameters["name"])
            entry.after = Self.readable { try PolicyOrder(of: request, name: parameters["name"]).policy }?.adjustment
        case .deletePolicy: entry.policy = Self.short(parameters["name"])
        default: break
        }
    }

    /// Nil for a body that is none: the refusal says why.
    private static func readable<Asked>(_ read: () throws -> Asked) -> Asked? {
        do { return try read() } catch { return nil }
    }

    /// Strangers choose it; of ours none is longer.
    private static func short(_ name: String) -> String? { name.utf8.count <= 64 ? name : nil }

    /// One that cannot be looked at has no start time.
    private func tellSubject(_ parameters: PathParameters, in entry: inout AuditEntry) {
        guard let process = Int32(parameters["pid"]).map({ ProcessID($0) }) else { return }
        entry.subject = AuditEntry.Subject(bootID: context.machine.bootID, process: process, startTime: ClockTicks(0))
        do {
            let report = try context.processes.read(process, formula: nil, withCommandLine: false)
            entry.before = report.reading.adjustment
            entry.subject = AuditEntry.Subject(
                bootID: context.machine.bootID, process: process, startTime: report.details.startTime ?? ClockTicks(0),
                command: report.reading.status.commandName)
        } catch { return }
    }

    /// Without its port, of which a client has as many as it likes.
    private static func host(_ address: String) -> String {
        address.lastIndex(of: ":").map { String(address[..<$0]) } ?? address
    }
}
