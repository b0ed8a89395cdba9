import Diagnosis
import Host
public import Kernel
public import Logging
public import Store
import Synchronization

/// Follows the kernel's log on a thread of its own and tells the ledger what is in it.
///
/// The thread sleeps in poll(2) as long as the kernel says nothing; a source that fails is tried again.
public final class OOMWatch: Sendable {
    /// What has been seen.
    public let ledger: EventLedger
    let settings: Settings
    let logger: Logger
    let state: Mutex<State>
    private let thread = Mutex<FollowerThread?>(nil)

    public struct Settings: Sendable {
        public var root = ""
        /// Makes the events' ids unique: /proc/sys/kernel/random/boot_id.
        public var bootID: String
        public var limits = Settings.defaultLimits
        /// The pause before the log is tried again after a failure; it doubles up to `longestPause`.
        public var firstPause = Nanoseconds(1_000_000_000)
        public var longestPause = Nanoseconds(60_000_000_000)

        /// Told of each task that the kernel says has not moved for minutes, as it says so.
        public var onHungTask: @Sendable (HungTaskLine) -> Void = { _ in }
        /// Whose limit it may have been, where the log does not say: the victim's limited cgroup, if somebody knew it before.
        public var limitingGroup: @Sendable (ProcessID, CommandName) -> CgroupPath? = { _, _ in nil }
        /// Told of each event that is new and of now, once, on the thread that has read of it.
        public var onEvent: @Sendable (StoredEvent) -> Void = { _ in }

        public init(bootID: String) { self.bootID = bootID }

        /// A daemon that watches over memory holds no table of 100,000 rows, not even while it is printed.
        private static var defaultLimits: OOMReportAssembler.Limits {
            var limits = OOMReportAssembler.Limits()
            limits.tasks = 1_000
            limits.slabs = 200
            return limits
        }
    }

    struct State: Sendable {
        var counters = KernelLogCounters()
        var status = KernelLogStatus()
        /// Kills that the kernel's log has told, those that it told twice twice.
        var killLines = 0
        var reconciliation = KillReconciliation()
    }

    /// - Parameter ledger: nil for one in memory only.
    public init(_ settings: Settings, ledger: EventLedger? = nil, logger: Logger) {
        self.settings = settings
        self.logger = logger
        let inMemory = EventLedger.Settings(directory: nil, bootID: settings.bootID)
        self.ledger = ledger ?? EventLedger(inMemory, logger: logger)
        state = Mutex(State())
    }
}

extension OOMWatch {
    /// Takes in a kill of now that is no kernel's.
    ///
    /// - Parameter source: where it was read.
    public func add(_ read: EvidencedReport, at time: Timestamp, from source: String) {
        var record = EventRecord(of: read, OOMDiagnosis(of: read.report), bootID: settings.bootID)
        // The anchor is no record of the kernel's ring.
        record.identity.sequence = nil
        record.killedAt = time
        tell(record, id: "\(settings.bootID)-j\(read.report.anchor)", source: source, isNow: true)
    }

    public var counters: KernelLogCounters { state.withLock { $0.counters } }

    /// Kills that vmstat counts (`counted`, as it is now) and the log has not told; nil where either cannot be known.
    public func unexplainedKills(counted: Int?) -> Int? {
        state.withLock { state in
            guard let counted, state.status.isReady, state.status.isUp else { return nil }
            state.reconcile(counted, at: .monotonic)
            return state.reconciliation.unexplained
        }
    }

    public var status: KernelLogStatus { state.withLock { $0.status } }

    /// Starts the thread, unless it runs. A failure is the source's: it is in `status`.
    public func start() {
        thread.withLock { thread in
            guard thread == nil else { return }
            do throws(SourceError) {
                thread = try FollowerThread(named: "kernel-log") { self.follow(until: $0) }
            } catch { failed(error) }
        }
    }

    /// Stops the thread and waits for its end.
    public func stop() {
        thread.withLock { $0.take()?.end() }
    }
}

extension OOMWatch.State {
    mutating func reconcile(_ counted: Int, at time: Nanoseconds) {
        reconciliation.note(
            KillReconciliation.Reading(counted: counted, told: killLines, lost: counters.losses.records), at: time)
    }
}

/// How the reading of the log went since the daemon started.
public struct KernelLogCounters: Hashable, Sendable {
    public internal(set) var losses = KernelLogLosses()
    /// Reads that gave something that is no record.
    public internal(set) var malformedRecords = 0
    /// How often the log could not be opened or read.
    public internal(set) var failures = 0
}
