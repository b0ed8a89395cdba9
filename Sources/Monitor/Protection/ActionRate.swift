public import Kernel
import Synchronization

/// How often each name may act: a bucket of 100 that fills by 10 a second.
public final class ActionRate: Sendable {
    private let now: @Sendable () -> Nanoseconds
    private let buckets = Mutex<[String: Bucket]>([:])

    public static let burst = 100
    public static let perSecond = 10
    /// Names come from tokens and users, which are few; beyond it they share one bucket.
    private static let mostBuckets = 1_000
    private static let interval = 1_000_000_000 / perSecond

    /// What is left, as the time at which it will be whole again.
    private struct Bucket {
        var fullAt: Nanoseconds
    }

    /// - Parameter now: a clock that never steps back.
    public init(now: @escaping @Sendable () -> Nanoseconds) { self.now = now }

    /// Takes one. nil where that could be had; else the time until the next one is there.
    public func take(_ name: String) -> Nanoseconds? {
        let now = now()
        return buckets.withLock { buckets in
            let key = buckets[name] != nil || Self.makeRoom(in: &buckets, now) ? name : ""
            let start = max(buckets[key]?.fullAt.count ?? now.count, now.count)
            let missing = start - now.count
            let allowed = (Self.burst - 1) * Self.interval
            guard missing <= allowed else { return Nanoseconds(missing - allowed) }
            buckets[key] = Bucket(fullAt: Nanoseconds(start + Self.interval))
            return nil
        }
    }

    /// A whole bucket is as good as none.
    private static func makeRoom(in buckets: inout [String: Bucket], _ now: Nanoseconds) -> Bool {
        guard buckets.count >= mostBuckets else { return true }
        buckets = buckets.filter { $0.value.fullAt > now }
        return buckets.count < mostBuckets
    }
}
