public import Kernel

/// Somebody's wish that a process shall have an adjustment, until a time, until it is taken back, or until the process ends.
public struct Lease: Hashable, Sendable {
    /// `l-3f9a12cd`.
    public let id: String
    public var owner: AuditEntry.Who
    public let subject: AuditEntry.Subject
    public var adjustment: OOMScoreAdjustment
    public var children = ChildrenRule.reset
    public var reason: String?
    public let createdAt: Timestamp
    /// Nil for one without end.
    public var expiry: Expiry?
    /// Why the value of before could not be put back when its time was over: that is tried again, and the lease is not in force
    /// any more. It is not kept; a start tries it anew.
    public var lastError: String?
    /// Nil while it is in force, or ending.
    public var end: End?

    public init(
        id: String, owner: AuditEntry.Who, of subject: AuditEntry.Subject, adjustment: OOMScoreAdjustment, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.subject = subject
        self.adjustment = adjustment
        self.createdAt = createdAt
    }

    /// When it ends by itself.
    public struct Expiry: Hashable, Sendable {
        /// What is shown.
        public let at: Timestamp
        /// What counts: a wall clock that is set does not lengthen or shorten it. It goes on in suspend.
        public let sinceBoot: Nanoseconds

        public init(at: Timestamp, sinceBoot: Nanoseconds) {
            self.at = at
            self.sinceBoot = sinceBoot
        }
    }

    public struct End: Hashable, Sendable {
        public let at: Timestamp
        public let why: Why

        public init(at: Timestamp, why: Why) {
            self.at = at
            self.why = why
        }

        public enum Why: String, Hashable, Sendable, CaseIterable {
            /// By its owner, or an admin.
            case ended
            case expired
            case processEnded = "process_ended"
            /// The machine was started again; the process was one of the boot before.
            case rebooted
            /// The kernel refused the value: it was never in force.
            case failed
        }
    }
}

/// A process that has, or has had, a value of ours: what was there before, and what we wrote last.
public struct TouchedProcess: Hashable, Sendable {
    public let key: Key
    /// What is put back at the end.
    public var baseline: OOMScoreAdjustment
    /// What we wrote last. Where /proc has another value, somebody else wrote it.
    public var applied: OOMScoreAdjustment
    /// When it was first written: what was started before has inherited nothing of it.
    public var since: ClockTicks
    /// A write below the floor has taken the floor along, so that only a privileged write puts it back.
    /// Kernel: fs/proc/base.c, `__set_oom_adj()`.
    public var movedFloor = false
    /// The protected process that it has its value from; nil for one that was protected itself.
    public var heirOf: Key?
    public var claim: PolicyClaim?

    public init(key: Key, baseline: OOMScoreAdjustment, applied: OOMScoreAdjustment, since: ClockTicks) {
        self.key = key
        self.baseline = baseline
        self.applied = applied
        self.since = since
    }

    /// One process of one boot.
    public struct Key: Hashable, Sendable {
        public let bootID: String
        public let process: ProcessID
        public let startTime: ClockTicks

        public init(bootID: String, process: ProcessID, startTime: ClockTicks) {
            self.bootID = bootID
            self.process = process
            self.startTime = startTime
        }
    }
}

extension AuditEntry.Subject {
    /// Where only the process is known, and not what it is called.
    public init(_ key: TouchedProcess.Key) {
        self.init(bootID: key.bootID, process: key.process, startTime: key.startTime)
    }

    public var key: TouchedProcess.Key { TouchedProcess.Key(bootID: bootID, process: process, startTime: startTime) }
}
