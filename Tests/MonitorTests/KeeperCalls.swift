import Diagnosis
import Kernel
import Monitor
import Store

extension Principal {
    static let ops = Principal(name: "ops", scopes: [.protect], address: "127.0.0.1:1")
    static let job = Principal(name: "night-job", scopes: [.protect], address: "127.0.0.1:2")
    static let admin = Principal(name: "admin", scopes: [.admin], address: nil)
}

/// What most tests ask: one owner, a lease without end.
extension ProtectionKeeper {
    func protect(_ request: Request, adjustment: OOMScoreAdjustment = .exempt) throws(ProtectionError) -> ProtectionOutcome {
        try protect(request, Order(adjustment), by: .ops).outcome
    }

    func unprotect(_ request: Request) throws(ProtectionError) -> ProtectionOutcome {
        let release = try unprotect(request, by: .ops)
        guard let outcome = release.outcome else { throw .nothingToRestore(request.process) }
        return outcome
    }

    func protect(
        _ process: ProcessID, _ adjustment: Int, by principal: Principal = .ops, children: ChildrenRule = .reset,
        seconds: Int? = nil
    ) throws(ProtectionError) -> Protection {
        var order = Order(OOMScoreAdjustment(adjustment) ?? .neutral)
        order.children = children
        order.time = seconds.map { Nanoseconds($0 * 1_000_000_000) }
        return try protect(Request(process: process), order, by: principal)
    }

    func unprotect(_ process: ProcessID, by principal: Principal = .ops) throws(ProtectionError) -> Release {
        try unprotect(Request(process: process), by: principal)
    }
}
