import Host
public import Kernel
public import Logging
public import Store
import Synchronization

/// All that is known of what has happened: shown at once, and kept in the store as soon as that can be written.
///
/// Whoever adds an event or asks for some never waits for the disk that is being written; the worker does (`+Writing`).
public final class EventLedger: Sendable {
    let settings: Settings
    let logger: Logger
    let state: Mutex<State>
    let bell = Mutex<Bell?>(nil)
    let jobs = Mutex(Jobs())
    /// Held from the giving of a number until it has been told, so that numbers are told in their order.
    let telling = Mutex(())
    private let thread = Mutex<FollowerThread?>(nil)

    public struct Settings: Sendable {
        /// Where the store is; nil for a ledger in memory only.
        public var directory: String?
        public var bootID: String
        public var retention = Retention()
        /// Patterns of the logs that are read at the first start of our life; none for none.
        public var usualLogs: [String] = []
        /// Below it is the journal that is read with them; empty for this machine's.
        public var journalRoot = ""
        /// Events that wait to be written; in memory only, those that are kept.
        public var capacity = 1_000
        /// Of the lines of those events.
        public var evidence = Bytes(kibibytes: 8 << 10)
        /// Of what waits to be kept with an event.
        public var attachments = Bytes(kibibytes: 1 << 10)
        public var now: @Sendable () -> Timestamp = { .now }
        /// Told of each event that is new and no history, in the order of their numbers. It must not wait for anything.
        public var onLive: @Sendable (ShownEvent) -> Void = { _ in }
        /// Before a write is tried again after a failure; it doubles up to `longestPause`.
        public var firstPause = Nanoseconds(1_000_000_000)
        public var longestPause = Nanoseconds(30_000_000_000)

        public init(directory: String?, bootID: String) {
            self.directory = directory
            self.bootID = bootID
        }
    }

    public init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        state = Mutex(State())
    }
}

extension EventLedger {
    /// Opens the store and reads what is known of this boot. Before the first `add`.
    ///
    /// - Parameter serve: runs first; whoever asks the ledger from then on waits until the store is open, so that no counter
    ///   is seen before its past. Health needs no ledger and no disk.
    public func open(startedAt start: Timestamp, serving serve: () throws -> Void) rethrows {
        guard let directory = settings.directory else { return try serve() }
        var failure: StoreError?
        let store = try state.withLock { state in
            try serve()
            let (store, remarks) = StoreFile.open(in: directory, now: settings.now())
            for remark in remarks { logger.warning("\(remark)") }
            state.store = store
            do throws(StoreError) {
                let known = try store.known(ofBoot: settings.bootID, startedAt: start)
                let counters = try store.counters()
                let covered = try store.coverage(ofBoot: settings.bootID).last?.sequences.upperBound
                let began = try store.fact(History.beganFact).flatMap(History.init)
                (state.known, state.counters, state.lastCovered, state.history) = (known, counters, covered, began)
            } catch { failure = error }
            return store
        }
        if let failure { failed(failure) }
        reserve(store)
    }

    public func open(startedAt start: Timestamp) { open(startedAt: start, serving: {}) }

    /// Starts the worker, unless it runs or there is nothing to be written.
    public func start() {
        guard settings.directory != nil else { return }
        thread.withLock { thread in
            guard thread == nil else { return }
            do throws(SourceError) {
                let rung = try Bell()
                bell.withLock { $0 = rung }
                thread = try FollowerThread(named: "store") { self.work(until: $0, rung) }
                jobs.withLock { $0.isOpen = true }
            } catch { logger.error("store: no worker, events stay in memory: \(error), ignoring") }
        }
    }

    /// Writes what can still be written, and ends the worker.
    public func stop() {
        thread.withLock { $0.take()?.end() }
        state.withLock { $0.store }?.close()
    }

    /// By the wall clock.
    public var now: Timestamp { settings.now() }

    public var bootID: String { settings.bootID }

    /// How the store stands.
    public var status: StoreStatus { state.withLock { $0.status(capacity: settings.capacity) } }

    /// Over every restart; never lower than before.
    public var counters: StoredCounters { state.withLock { $0.counters } }
}

/// How the store stands, for metrics and findings.
public struct StoreStatus: Hashable, Sendable {
    /// False for a ledger in memory only.
    public let isUsed: Bool
    public let path: String?
    /// Why the last write, or the last read, could not be; nil where all is well.
    public let failure: StoreError?
    public let writeErrors: Int
    /// Events that are shown and not yet written.
    public let backlog: Int
    /// Those that had to be given up because more came than memory has room for.
    public let dropped: Int
    /// nil before the file was looked at.
    public let size: Bytes?
}

/// When our history began. What the kernel's ring held before that is told, but counted by nobody.
struct History: Hashable {
    static let beganFact = "history_began"

    let bootID: String
    /// The last record that was there before us.
    let sequence: UInt64

    init(bootID: String, sequence: UInt64) {
        self.bootID = bootID
        self.sequence = sequence
    }

    /// `<boot id> <record>`
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let sequence = UInt64(parts[1]) else { return nil }
        self.init(bootID: String(parts[0]), sequence: sequence)
    }

    var text: String { "\(bootID) \(sequence)" }

    func isBefore(_ identity: EventIdentity) -> Bool {
        identity.bootID == bootID && (identity.sequence ?? .max) <= sequence
    }
}
