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
        // Nothing is kept, so nothing is asked for: the readers wait for each other at the files.
        guard maximumAge > Nanoseconds(0) else { return read() }
        return latest.withLock { latest in
            let time = now()
            if let latest, time.count - latest.takenAt.count < maximumAge.count { return latest.sample }
            let sample = read()
            latest = (sample, time)
            return sample
        }
    }
}
