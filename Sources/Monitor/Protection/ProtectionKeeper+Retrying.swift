import Diagnosis
import Host
import Kernel
import Store
import Synchronization

extension ProtectionKeeper {
    /// Tries again what the kernel has refused to take back: until it does, somebody else has changed the value, or the process
    /// has ended. To be called from time to time; each process is tried when it is its turn.
    public func retryRestores() throws(ProtectionError) {
        try locked { (held) throws(ProtectionError) in
            let now = settings.now().sinceBoot
            for (key, retry) in held.retries where retry.at <= now {
                guard let touched = held.touched[key] else { continue }
                if let root = touched.heirOf { restoreAgain(touched, of: root, &held) } else { restoreAgain(key, &held) }
            }
        }
    }

    /// What was to be put back stays to be put back.
    ///
    /// - Parameter leases: those that end as soon as it is.
    func tryAgain(_ key: Holdings.Key, _ leases: [Lease], _ error: ProcessError, _ held: inout Holdings) {
        let isNews = held.tryAgain(key, from: settings.now().sinceBoot, because: error.sentence)
        for lease in leases { held.put(lease.over(error.sentence)) }
        guard isNews else { return }
        settings.onRetry(key.process, error.sentence)
        // What its children have from it goes back all the same.
        _ = settleFamily(of: key, &held)
    }

    /// A child that has a value that its family is not to have.
    func tryAgain(_ heir: TouchedProcess, _ error: ProcessError, _ held: inout Holdings) {
        guard !error.isEnd else { return }
        held.put(heir)
        held.unsaved.insert(heir.key)
        _ = held.tryAgain(heir.key, from: settings.now().sinceBoot, because: error.sentence)
    }

    private func restoreAgain(_ key: Holdings.Key, _ held: inout Holdings) {
        let leases = held.leases(on: key).filter { $0.lastError != nil }
        guard !leases.isEmpty || held.wish(for: key) == nil else { return held.tryNoMore(key) }
        var entry = newEntry(leases.isEmpty ? .restore : .expireLease, .daemon)
        let last = held.retries[key]?.reason
        do throws(ProtectionError) {
            let subject = try reported { () throws(ProcessError) in try ProtectedProcess(key, in: table, kernel: kernel) }
            (entry.subject, entry.before) = (subject.subject, subject.before.adjustment)
            _ = try release(ended(leases, .expired), on: subject, PutBack(entry: entry, isRepeated: true), &held)
            held.tryNoMore(key)
        } catch {
            guard case .process(let reason) = error else { return note(error) }
            if reason.isEnd { return _ = endOfProcess(key, &held, why: .expired, as: entry) }
            entry.lease = leases.count == 1 ? leases.first?.id : nil
            if reason.sentence != last { settings.trail.note(entry.ended(.failed, reason.sentence)) }
            tryAgain(key, leases, reason, &held)
        }
    }

    private func restoreAgain(_ heir: TouchedProcess, of root: Holdings.Key, _ held: inout Holdings) {
        guard settle(heir, of: root, &held) else { return }
        counts.withLock { $0.childrenReset += 1 }
    }
}

extension Lease {
    /// Not in force any more, and not ended yet.
    func over(_ reason: String) -> Lease {
        var lease = self
        lease.lastError = reason
        return lease
    }
}
