import Host
public import Kernel
public import Logging
import Synchronization

/// Follows what systemd-oomd and earlyoom log, on a thread of its own: in systemd's journal, else in the syslog file.
///
/// A kill from before the start is history and not told. A machine with neither source has nothing to fail.
public final class UserspaceKillWatch: Sendable {
    let settings: Settings
    let logger: Logger
    let publish: @Sendable (_ kill: EvidencedReport, _ at: Timestamp, _ source: String) -> Void
    /// Of the sources that there are: why they fail, nil where they do not.
    let standing = Mutex<[SourceHealth.Source: SourceError?]>([:])
    private let thread = Mutex<FollowerThread?>(nil)

    public struct Settings: Sendable {
        public var root = ""
        /// Between two looks at a syslog file.
        public var interval = Nanoseconds(1_000_000_000)
        /// Before it is looked again for a source that is not there, or has failed.
        public var pause = Nanoseconds(60_000_000_000)

        public init(root: String = "") { self.root = root }
    }

    /// - Parameter publish: takes a kill, when it was told, and where.
    public init(
        _ settings: Settings, logger: Logger, publish: @escaping @Sendable (EvidencedReport, Timestamp, String) -> Void
    ) {
        self.settings = settings
        self.logger = logger
        self.publish = publish
    }
}

extension UserspaceKillWatch {
    /// How each source stands that there is; none where there is none.
    public var states: [(source: SourceHealth.Source, failure: SourceError?)] {
        standing.withLock { standing in
            [SourceHealth.Source.journal, .syslog].compactMap { source in standing[source].map { (source, $0) } }
        }
    }

    /// Starts the thread, unless it runs.
    public func start() {
        thread.withLock { thread in
            guard thread == nil else { return }
            do throws(SourceError) {
                thread = try FollowerThread(named: "journal") { self.follow(until: $0) }
            } catch { logger.warning("userspace kills are not seen: \(error), ignoring") }
        }
    }

    /// Stops the thread and waits for its end.
    public func stop() {
        thread.withLock { $0.take()?.end() }
    }
}
