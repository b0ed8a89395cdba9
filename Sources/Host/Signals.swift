import Glibc
public import Kernel

/// The signals that the daemon acts on, taken by the main thread alone.
public struct Signals: Sendable {
    public enum Name: String, Hashable, Sendable, CustomStringConvertible {
        case terminate = "SIGTERM"
        case interrupt = "SIGINT"
        case hangUp = "SIGHUP"

        public var description: String { rawValue }
    }

    /// Blocks them for this thread and all that it starts; a broken pipe is an error of its write, not a signal.
    public init() {
        signal(SIGPIPE, SIG_IGN)
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for one of them.
    ///
    /// - Returns: nil when the time was over first.
    public func wait(for limit: Nanoseconds?) -> Name? {
        var set = Self.set
        while true {
            var time = timespec(tv_sec: (limit?.count ?? 0) / 1_000_000_000, tv_nsec: (limit?.count ?? 0) % 1_000_000_000)
            let number = limit == nil ? sigwaitinfo(&set, nil) : sigtimedwait(&set, nil, &time)
            switch number {
            case SIGTERM: return .terminate
            case SIGINT: return .interrupt
            case SIGHUP: return .hangUp
            default: if errno != EINTR { return nil }
            }
        }
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        return set
    }
}

/// What the system allows this process to open.
public enum DescriptorLimit {
    /// Raises the soft limit as far as it may go and as far as is wanted: a thousand clients need more than the usual 1024.
    ///
    /// - Returns: what it is now.
    public static func raise(to wanted: Int) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(wanted)))
        _ = setrlimit(resource, &limit)
        getrlimit(resource, &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
