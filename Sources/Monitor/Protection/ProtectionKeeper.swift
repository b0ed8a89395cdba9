public import Diagnosis
public import Host
public import Kernel
public import Store
import Synchronization

/// Sets adjustments on demand, by the rules that keep a mistake small, for as long as they are wanted, and puts back what was
/// there before.
///
/// Whatever changes a process is first written down as intended, then done, then written down as done: `recover()` makes both
/// agree after a death between the steps.
public final class ProtectionKeeper: Sendable {
    let table: ProcessTable
    let cgroups: MemoryCgroups
    let kernel: RunningKernel
    let settings: Settings
    /// Held throughout an action, so that two of them cannot take each other's value for the original one. Only actions wait
    /// for it, and nothing that is read under it touches a process's own pages.
    private let holdings = Mutex<Holdings?>(nil)
    /// Held throughout what adds to the sum of all that is protected, the look at the sum as well: two may not pass it together.
    /// What ends does not wait for it.
    let granting = Mutex(())
    let counts = Mutex(Counts())
    let isHolding = Atomic(false)
    /// What was told last. Held while it is told, so that of two news the later one comes last.
    private let toldOfHolding = Mutex(false)
    let toldOfForks = Atomic(false)
    let thread = Mutex<FollowerThread?>(nil)
    let bell = Mutex<Bell?>(nil)

    public struct Settings: Sendable {
        public var trail = AuditTrail(store: ProtectionStore(path: ":memory:"))
        public var now: @Sendable () -> RecordedTime = { .now }
        /// May refuse what would leave the machine too little to kill. Asked after all other checks, before anything is written.
        public var checkBudget: @Sendable (ProtectedCandidate) throws(ProtectionError) -> Void = { _ in }

        /// Told when the first process has something of ours, and when the last one has not any more: who tells of forks need only
        /// do it in between. It must not ask the keeper anything.
        public var onHolding: @Sendable (Bool) -> Void = { _ in }
        /// How long ended leases and the audit are kept.
        public var retention = Retention.standardAge
        /// Whether what is known from before is put into force again; not by who only wants to put it back.
        public var appliesAtStart = true

        /// Told of a process that did not get back what it had, and why, when it is for the first time or another reason.
        public var onRetry: @Sendable (ProcessID, String) -> Void = { _, _ in }
        /// Told of a failure of what nobody waits for, such as a look at all processes, when it is another than the last.
        public var onFailure: @Sendable (ProtectionError) -> Void = { _ in }

        public init() {}
    }

    public init(
        table: ProcessTable, cgroups: MemoryCgroups, kernel: RunningKernel, settings: Settings = Settings()
    ) {
        self.table = table
        self.cgroups = cgroups
        self.kernel = kernel
        self.settings = settings
    }

    /// What is asked of a process.
    public struct Request: Sendable {
        public var process: ProcessID
        /// Says and checks all that the real action does, and changes nothing.
        public var isDryRun = false
        /// Leave a limited group without a possible victim if need be.
        public var isForced = false
        /// What foretells the score in a dry run; without it none is foretold.
        public var formula: BadnessFormula?
        /// Whether the process is the one that was meant.
        public var accepts: @Sendable (ProcessIdentity) -> Bool = { _ in true }

        public init(process: ProcessID) { self.process = process }
    }

    /// What a process shall have, and for how long.
    public struct Order: Hashable, Sendable {
        public var adjustment: OOMScoreAdjustment
        /// Nil for a lease without end.
        public var time: Nanoseconds?
        public var children = ChildrenRule.reset
        public var reason: String?

        public init(_ adjustment: OOMScoreAdjustment = .exempt) { self.adjustment = adjustment }
    }
}

extension ProtectionKeeper {
    /// What the store knows is looked up at first use, and brought to agree with /proc.
    ///
    /// - Throws: where the store cannot be read: then nothing is known of what is protected, and nothing is done.
    func locked<T>(_ body: (inout Holdings) throws(ProtectionError) -> T) throws(ProtectionError) -> T {
        defer { tellOfHolding() }
        return try holdings.withLock { (holdings) throws(ProtectionError) in
            var held = try taken(&holdings)
            defer {
                isHolding.store(!held.touched.isEmpty, ordering: .relaxed)
                counts.withLock {
                    ($0.leases, $0.processes, $0.retries) = (held.leaseCount, held.touched.count, held.retries.count)
                }
                holdings = held
            }
            return try body(&held)
        }
    }

    /// Nobody else has it then: what has a second owner is copied at its next change, thousands of members at every fork.
    private func taken(_ holdings: inout Holdings?) throws(ProtectionError) -> Holdings {
        if let known = holdings.take() { return known }
        do throws(StoreError) { return try recovered() } catch { throw .auditUnwritable(error) }
    }

    /// Whether it is known what was protected before.
    var isLookedUp: Bool { holdings.withLock { $0 != nil } }

    private func tellOfHolding() {
        toldOfHolding.withLock { told in
            let now = isHolding.load(ordering: .relaxed)
            guard told != now else { return }
            told = now
            // Who told of forks need not do so any more, and says nothing when he begins again.
            if !now { isToldOfForks = false }
            settings.onHolding(now)
        }
    }
}

/// What a protect has done.
public struct Protection: Sendable {
    public let outcome: ProtectionOutcome
    /// In a dry run, what it would be.
    public let lease: Lease
    public let isRenewed: Bool
    /// A stronger one whose value the process keeps.
    public let outrankedBy: String?
    /// The processes below it when it was protected. They keep what they have; what is started from now on follows the lease.
    /// Nil where they could not be looked up.
    public let descendants: Int?
}

/// What the end of a protection has done.
public struct Release: Sendable {
    /// Nil where the process has ended.
    public var outcome: ProtectionOutcome?
    public var ended: [Lease]
    /// Somebody else has changed the value since: it was left as it is.
    public var isLeftAlone = false
    /// Descendants that got their value from before back, now.
    public var childrenRestored = 0
}
