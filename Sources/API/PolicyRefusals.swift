import Kernel
import MicroHTTP
import Monitor

extension Refusal {
    init(of error: PolicyError) {
        switch error {
        case .fromFile:
            self.init(
                .conflict, "policy_from_file", "\(error)",
                next: "change it there, then POST /-/reload; GET /policies has the file's path")
        case .noSuchPolicy: self.init(.notFound, "no_such_policy", "\(error)", next: "GET /policies lists them")
        case .tooMany:
            self.init(
                .conflict, "too_many_policies", "\(error)",
                next: "DELETE one that is not needed, or put several into one with a wider match")
        case .notKept:
            self.init(
                .serviceUnavailable, "policy_not_kept", "\(error)",
                next: "make room in the state directory, or give the daemon the right to write there")
        }
    }
}
