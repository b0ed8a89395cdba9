import Host
public import Kernel
public import Logging
import Synchronization

/// Tells of processes that come, change their program and go, for as long as somebody needs it, on a thread of its own.
///
/// By the kernel's events where it tells them, else by saying every few seconds that it is time to look at all. An idle one costs
/// nothing: its socket is closed, for with an open one every fork of the machine would wake it.
public final class ProcessFeed: Sendable {
    let settings: Settings
    let logger: Logger
    let bell: Bell?
    private let thread = Mutex<FollowerThread?>(nil)
    private let state = Mutex(State())

    /// What subscribers are told, in the order in which it happened.
    public enum Event: Hashable, Sendable {
        case forked(parent: ProcessID, child: ProcessID)
        case executed(ProcessID)
        case exited(ProcessID)
        /// Events are missing: what is known of processes is to be looked at again.
        case lost
        /// It is time to look at all processes: at the start, and from time to time, more often where no events are to be had.
        case scanned
    }

    /// How processes are seen.
    public enum Mode: Hashable, Sendable {
        /// Nobody needs it.
        case off
        case events
        /// By a look at all of them.
        case scan(every: Nanoseconds, because: SourceError)
    }

    /// Who needs it.
    public enum User: Hashable, Sendable {
        case leases, policies
    }

    /// What has been seen since the start.
    public struct Counts: Hashable, Sendable {
        public var events = 0
        /// How often the kernel said that some are missing; how many, it does not say.
        public var losses = 0
        public var scans = 0
    }

    public struct Settings: Sendable {
        /// Between two looks at all processes, where there are no events.
        public var scanInterval = Nanoseconds(5_000_000_000)
        /// After the first of some events, so that a storm of them wakes us twenty times a second and not thousands.
        public var gathering = Nanoseconds(50_000_000)
        /// Between two looks at all processes beside the events, which do not tell of one that is moved to another cgroup.
        public var lookInterval = Nanoseconds(60_000_000_000)
        /// Before it is tried again whether there are events.
        public var pause = Nanoseconds(60_000_000_000)
        /// False to go without, as on a machine that has none.
        public var usesEvents = true
        /// Tries whether there are any.
        public var readObstacle: @Sendable () -> SourceError? = { ProcessEvents.obstacle() }

        public init() {}
    }

    struct State: Sendable {
        var users: Set<User> = []
        var subscribers: [@Sendable ([Event]) -> Void] = []
        var mode = Mode.off
        var counts = Counts()
        /// Why nothing is told though somebody needs it.
        var failure: SourceError?
        /// When it was last tried whether the kernel would tell, and why not.
        var tried: (at: Nanoseconds, obstacle: SourceError?)?
    }

    public init(_ settings: Settings = Settings(), logger: Logger) {
        self.settings = settings
        self.logger = logger
        do throws(SourceError) { bell = try Bell() } catch {
            logger.warning("new processes are not seen: \(error), ignoring")
            bell = nil
            state.withLock { $0.failure = error }
        }
    }
}

extension ProcessFeed {
    /// `take` is called on the feed's thread with what has happened since its last call; it must not call `stop()`.
    public func subscribe(_ take: @escaping @Sendable ([Event]) -> Void) { state.withLock { $0.subscribers.append(take) } }

    /// From now on `user` needs it. The first thing told then is `.scanned`, to all.
    public func start(for user: User) {
        let isNew = state.withLock { $0.users.insert(user).inserted }
        guard isNew, let bell else { return }
        do throws(SourceError) {
            try thread.withLock { thread throws(SourceError) in
                if thread == nil { thread = try FollowerThread(named: "process-events") { self.follow(until: $0) } }
            }
            state.withLock { $0.failure = nil }
            bell.ring()
        } catch {
            logger.warning("new processes are not seen: \(error), ignoring")
            state.withLock { state in
                // Whoever needs it may try again.
                state.users.remove(user)
                state.failure = error
            }
        }
    }

    /// `user` does not need it any more. May be called from a subscriber.
    public func stop(for user: User) {
        guard state.withLock({ $0.users.remove(user) }) != nil else { return }
        bell?.ring()
    }

    /// Tells that it is time to look at all processes, as soon as may be.
    public func lookAgain() { bell?.ring() }

    /// The end of all: nothing is told after it.
    public func stop() {
        state.withLock { $0.users = [] }
        thread.withLock { $0.take() }?.end()
    }

    public var mode: Mode { state.withLock { $0.mode } }

    public var counts: Counts { state.withLock { $0.counts } }

    /// How the kernel's events stand; none where nobody needs them.
    public var states: [(source: SourceHealth.Source, failure: SourceError?)] {
        switch mode {
        case .off: state.withLock { $0.failure }.map { [(.processEvents, $0)] } ?? []
        case .events: [(.processEvents, nil)]
        case .scan(_, let failure): [(.processEvents, failure)]
        }
    }

    /// Whether the kernel would tell of processes. Where nobody needs it that is tried, once in a while: it costs a subscription,
    /// and outside the first namespaces a wait.
    public var obstacle: SourceError? {
        switch mode {
        case .off: tried
        case .events: nil
        case .scan(_, let failure): failure
        }
    }

    private var tried: SourceError? {
        let now = Nanoseconds.monotonic
        if let last = state.withLock({ $0.tried }), now.count - last.at.count < settings.pause.count { return last.obstacle }
        let obstacle = settings.readObstacle()
        state.withLock { $0.tried = (now, obstacle) }
        return obstacle
    }
}

extension ProcessFeed {
    var isNeeded: Bool { state.withLock { !$0.users.isEmpty } }

    func note(_ mode: Mode) {
        let before = state.withLock { state in
            defer { state.mode = mode }
            return state.mode
        }
        guard before != mode else { return }
        switch mode {
        case .off: logger.debug("processes are not watched: nobody needs it")
        case .events: logger.info("source process_events: following forks and execs")
        case .scan(let interval, let failure):
            let seconds = interval.count / 1_000_000_000
            logger.warning("source process_events failed: \(failure), looking at all processes every \(seconds) s instead")
        }
    }

    /// Outside the lock: a subscriber takes as long as it takes.
    func publish(_ events: [Event]) {
        guard !events.isEmpty else { return }
        let subscribers = state.withLock { state in
            for event in events {
                switch event {
                case .lost: state.counts.losses += 1
                case .scanned: state.counts.scans += 1
                default: state.counts.events += 1
                }
            }
            return state.subscribers
        }
        for take in subscribers { take(events) }
    }
}
