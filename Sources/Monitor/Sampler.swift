public import Kernel
import Synchronization

/// Gives one reading of the machine to all who come within its age limit.
///
/// Readers wait for each other: a reading takes some 100 µs, and the second of two at once would take as long again.
public final class Sampler<Sample: Sendable>: Sendable {
    private let maximumAge: Nanoseconds
    private let read: @Sendable () -> Sample
    private let now: @Sendable () -> Nanoseconds
    private let latest = Mutex<(sample: Sample, takenAt: Nanoseconds)?>(nil)

    /// - Parameters:
    ///   - maximumAge: 0 reads anew each time.
    ///   - now: a clock that never steps back.
    public init(maximumAge: Nanoseconds, now: @escaping @Sendable () -> Nanoseconds, read: @escaping @Sendable () -> Sample) {
        self.maximumAge = maximumAge
        self.now = now
        self.read = read
    }

    public func current() -> Sample {
        latest.withLock { latest in
            let time = now()
            if let latest, time.count - latest.takenAt.count < maximumAge.count { return latest.sample }
            let sample = read()
            latest = maximumAge > Nanoseconds(0) ? (sample, time) : nil
            return sample
        }
    }
}
