import Host
public import Kernel
import Store
import Synchronization

extension ProtectionKeeper {
    /// How often all processes are looked at, for what events and new numbers do not tell.
    private static let sweepInterval = Nanoseconds(30_000_000_000)
    /// How often what became of children is written down and, where no events tell of them, new processes are looked for.
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
    }

    /// When the next lease runs out, since boot; nil where none does.
    public var nextExpiry: Nanoseconds? {
        var next: Nanoseconds?
        quietly { held in next = held.allLeases.compactMap(\.expiry?.sinceBoot).min() }
        return next
    }

    /// A lease may run out earlier than all of before.
    func wakeThread() { bell.withLock { $0 }?.ring() }

    private func keepTime(_ bell: Bell, until stop: WakeUp) {
        var sweptAt = settings.now().sinceBoot
        var seen: Set<ProcessID>?
        var forgotAt: Nanoseconds?
        while !stop.isRaised {
            let now = settings.now().sinceBoot
            do throws(ProtectionError) {
                try expireLeases()
                try retryRestores()
            } catch { note(error) }
            if now.count - sweptAt.count >= Self.sweepInterval.count {
                sweep()
                sweptAt = now
            }
            if isToldOfForks || !isHolding.load(ordering: .relaxed) { seen = nil } else { lookForNew(&seen) }
            flush()
            forgetOld(&forgotAt)
            do throws(SourceError) {
                guard try bell.wait(until: stop, for: timeToWait) else { return }
            } catch { return note(error) }
        }
    }

    /// Once a day, what is too old to be kept.
    private func forgetOld(_ forgotAt: inout Nanoseconds?) {
        let now = settings.now()
        guard forgotAt.map({ now.sinceBoot.count - $0.count >= Self.day }) ?? true else { return }
        forgotAt = now.sinceBoot
        let time = Timestamp(unixNanoseconds: now.wall.unixNanoseconds - settings.retention.count)
        do throws(StoreError) { try settings.trail.store.forget(before: time) } catch {
            note(ProtectionError.auditUnwritable(error))
        }
    }

    private static let day = 86_400 * 1_000_000_000

    /// Nil while nothing is protected: then only a protect has to wake it.
    private var timeToWait: Nanoseconds? {
        guard isHolding.load(ordering: .relaxed) else { return nil }
        guard let next = nextExpiry else { return Self.pace }
        // poll(2) does not count the time of a suspend, so that no wait is long.
        return Nanoseconds(min(max(next.count - settings.now().sinceBoot.count, 0), Self.pace.count))
    }
}
