import Glibc
import Host
public import Kernel
import Store
import Synchronization

extension ProtectionKeeper {
    /// How often all processes are looked at, for what events and new numbers do not tell.
    private static let sweepInterval = Nanoseconds(30_000_000_000)
    /// How often it is tried again to write down what could not be: on a full disk that is much work for nothing.
    private static let retryInterval = Nanoseconds(5_000_000_000)
    /// How often it is kept for a next start what became of children and, where no events tell of them, new processes are looked for.
    private static let pace = Nanoseconds(300_000_000)

    /// Begins to end leases when their time is over. What was protected before is looked up first.
    ///
    /// - Throws: where no thread can be had. A store that cannot be read is tried again by whoever wants something of it.
    public func start() throws(SourceError) {
        quietly { _ in }
        let bell = try Bell()
        self.bell.withLock { $0 = bell }
        let thread = try FollowerThread(named: "leases") { [self] stop in keepTime(bell, until: stop) }
        self.thread.withLock { $0 = thread }
    }

    public func stop() {
        thread.withLock { $0.take() }?.end()
        flush()
        settings.trail.flush()
    }

    /// When the next lease runs out, since boot; nil where none does. One that is over, and waits for its value to be taken back, has
    /// its turn with the retries.
    public var nextExpiry: Nanoseconds? {
        var next: Nanoseconds?
        quietly { held in next = held.allLeases.filter { $0.lastError == nil }.compactMap(\.expiry?.sinceBoot).min() }
        return next
    }

    /// A lease may run out earlier than all of before.
    func wakeThread() { bell.withLock { $0 }?.ring() }

    private func keepTime(_ bell: Bell, until stop: WakeUp) {
        var (sweeps, retries, cleanings) = (Turn(settings.now()), Turn(settings.now()), Turn())
        var seen: Set<ProcessID>?
        while !stop.isRaised {
            let now = settings.now()
            do throws(ProtectionError) {
                try expireLeases()
                try retryRestores()
            } catch { note(error) }
            if sweeps.isDue(at: now, every: Self.sweepInterval) { sweep() }
            if isToldOfForks || !isHolding.load(ordering: .relaxed) { seen = nil } else { lookForNew(&seen) }
            saveChildren()
            if retries.isDue(at: now, every: Self.retryInterval) { settings.trail.flush() }
            if cleanings.isDue(at: now, every: Self.day) { forgetOld(at: now) }
            do throws(SourceError) {
                guard try bell.wait(until: stop, for: timeToWait) else { return }
            } catch {
                // poll(2) may want memory that is not there. Without this thread no lease would ever end.
                note(error)
                usleep(Self.pauseMicroseconds)
            }
        }
    }

    /// What is too old to be kept.
    private func forgetOld(at now: RecordedTime) {
        let time = Timestamp(unixNanoseconds: now.wall.unixNanoseconds - settings.retention.count)
        do throws(StoreError) { try settings.trail.store.forget(before: time) } catch {
            note(ProtectionError.auditUnwritable(error))
        }
    }

    private static let day = Nanoseconds(86_400 * 1_000_000_000)
    private static let pauseMicroseconds: UInt32 = 300_000

    /// While nothing is protected and all is written down only a protect has to wake it. A store that could not be read yet may
    /// hold leases.
    private var timeToWait: Nanoseconds {
        guard isHolding.load(ordering: .relaxed) else {
            return settings.trail.hasPending || !isLookedUp ? Self.retryInterval : Self.day
        }
        guard let next = nextExpiry else { return Self.pace }
        // poll(2) does not count the time of a suspend, so that no wait is long.
        return Nanoseconds(min(max(next.count - settings.now().sinceBoot.count, 0), Self.pace.count))
    }
}

/// When something was last done that is done from time to time.
private struct Turn {
    private var last: Nanoseconds?

    /// As if it had been done at `time`; without one, it is due at once.
    init(_ time: RecordedTime? = nil) { last = time?.sinceBoot }

    /// - Returns: whether it is to be done now; then it counts as done.
    mutating func isDue(at now: RecordedTime, every interval: Nanoseconds) -> Bool {
        if let last, now.sinceBoot.count - last.count < interval.count { return false }
        last = now.sinceBoot
        return true
    }
}
