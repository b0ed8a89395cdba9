import Diagnosis
import Host
public import Kernel
import Synchronization

/// Who is about to be protected, for who watches over the sum of all that is.
public struct ProtectedCandidate: Hashable, Sendable {
    public let process: ProcessID
    public let startTime: ClockTicks
    public let wanted: OOMScoreAdjustment
    /// Whether what it starts will have the value too.
    public let inherits: Bool
    public let isForced: Bool

    public init(
        process: ProcessID, startTime: ClockTicks, wanted: OOMScoreAdjustment, inherits: Bool = false, isForced: Bool = false
    ) {
        self.process = process
        self.startTime = startTime
        self.wanted = wanted
        self.inherits = inherits
        self.isForced = isForced
    }

    init(_ subject: borrowing ProtectedProcess, _ wish: Holdings.Wish, isForced: Bool) {
        self.init(
            process: subject.handle.process, startTime: subject.handle.startTime, wanted: wish.adjustment,
            inherits: wish.children == .inherit, isForced: isForced)
    }

    /// Whether what holds for this one holds for that one: it is the same process, and wants no more.
    func covers(_ other: ProtectedCandidate) -> Bool {
        process == other.process && startTime == other.startTime && wanted <= other.wanted && (inherits || !other.inherits)
    }
}

extension ProtectionKeeper {
    /// How far something has come that the budget has a say in.
    enum Budgeted<Outcome> {
        case done(Outcome)
        /// Nothing is done yet: this one is to be checked first.
        case unchecked(ProtectedCandidate)
    }

    /// Checks the budget while nobody waits: its sum takes the lock of every process's memory map, which one that is stuck in the
    /// kernel may hold for ever. What was checked is then looked at again.
    ///
    /// - Parameter body: told what has been checked.
    func budgeted<Outcome: Sendable>(
        _ body: (inout Holdings, ProtectedCandidate?) throws(ProtectionError) -> Budgeted<Outcome>
    ) throws(ProtectionError) -> Outcome {
        try granting.withLock { _ throws(ProtectionError) in
            var checked: ProtectedCandidate?
            while true {
                switch try locked({ held throws(ProtectionError) in try body(&held, checked) }) {
                case .done(let outcome): return outcome
                case .unchecked(let candidate):
                    try settings.checkBudget(candidate)
                    checked = candidate
                }
            }
        }
    }
}
