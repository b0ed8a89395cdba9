public import Kernel

/// One change of the machine through us, or one attempt that was refused: who, what, before and after, and how it ended.
///
/// Entries are appended, never changed. An action that writes to the kernel has two: `intended` before the write, so that a
/// crash between write and entry is seen, and the result after it with the same `action`.
public struct AuditEntry: Hashable, Sendable {
    /// Its number in the file; 0 before it is in one.
    public var id = 0
    public var at: Timestamp
    public var who: Who
    public var verb: Verb
    /// The process that it was about.
    public var subject: Subject?
    public var before: OOMScoreAdjustment?
    public var after: OOMScoreAdjustment?
    public var lease: String?
    public var policy: String?
    /// What the client gave as its reason.
    public var reason: String?
    public var result: Result
    /// One sentence: why it was refused or failed, how many children, what else was found.
    public var detail: String?
    /// The same for all entries of one action.
    public var action: String

    public init(at: Timestamp, who: Who, verb: Verb, result: Result, action: String) {
        self.at = at
        self.who = who
        self.verb = verb
        self.result = result
        self.action = action
    }

    /// Whom the act is laid to.
    public struct Who: Hashable, Sendable {
        /// A token's name, `uid 1000` of a peer on a unix socket, or `oomwarden` itself; nil for nobody that is known.
        public var name: String?
        /// `192.0.2.7:41022`, `unix`; nil for ourselves.
        public var address: String?

        public init(name: String?, address: String?) {
            self.name = name
            self.address = address
        }

        /// What the daemon does by itself: the end of a time, a policy, a sweep.
        public static let daemon = Who(name: "oomwarden", address: nil)
    }

    /// A process, so that its number given again is not taken for it.
    public struct Subject: Hashable, Sendable {
        public var bootID: String
        public var process: ProcessID
        public var startTime: ClockTicks
        public var command: CommandName?

        public init(bootID: String, process: ProcessID, startTime: ClockTicks, command: CommandName? = nil) {
            self.bootID = bootID
            self.process = process
            self.startTime = startTime
            self.command = command
        }
    }

    public enum Verb: String, Hashable, Sendable, CaseIterable {
        case protect, unprotect, renew, restore
        case endLease = "end_lease"
        case expireLease = "expire_lease"
        case applyPolicy = "apply_policy"
        case putPolicy = "put_policy"
        case deletePolicy = "delete_policy"
        case reload
        case createToken = "create_token"
        case revokeToken = "revoke_token"
    }

    public enum Result: String, Hashable, Sendable, CaseIterable {
        /// About to be written; without a later entry of the same action the daemon died meanwhile.
        case intended
        case done
        /// By us, before anything was touched.
        case refused
        /// By the kernel, or because the process ended.
        case failed
        /// Somebody else has changed the value since: it is not ours to put back.
        case leftAlone = "left_alone"
        /// Found after a crash, and brought to what the lease says.
        case recovered
    }
}
