import Diagnosis
import Host
public import Kernel
public import Store
import Synchronization

extension ProtectionKeeper {
    /// Ends the caller's lease on a process, or all of them where the caller is an admin.
    public func unprotect(_ request: Request, by principal: Principal) throws(ProtectionError) -> Release {
        try locked { (held) throws(ProtectionError) in
            var entry = newEntry(.unprotect, principal.who)
            let subject = try opened(request, entry)
            entry.subject = subject.subject
            entry.before = subject.before.adjustment
            let leases = try endable(held.leases(on: subject.key), on: request.process, by: principal)
            let target = held.target(of: subject.key, without: leases) ?? subject.before.adjustment
            if target == .exempt, !request.isForced { try checkLeavesAVictim(subject) }
            guard request.isDryRun else {
                return try release(ended(leases, .ended), on: subject, PutBack(entry: entry), &held)
            }
            return Release(
                outcome: try reported { () throws(ProcessError) in try subject.foresee(target) }, ended: leases)
        }
    }

    /// Ends one lease. Where the process has ended meanwhile, that is no failure.
    public func endLease(_ id: String, by principal: Principal) throws(ProtectionError) -> Release {
        try locked { (held) throws(ProtectionError) in
            var entry = newEntry(.endLease, principal.who)
            entry.lease = id
            guard let lease = held.lease(id) else { throw .noSuchLease(id) }
            _ = try endable([lease], on: lease.subject.process, by: principal)
            return try end(lease, .ended, entry, &held)
        }
    }

    /// Those in force and, of the others, those that ended since `time`.
    public func leases(endedSince time: Timestamp? = nil) throws(ProtectionError) -> [Lease] {
        let inForce = try locked { (held) in held.allLeases }
        guard let time else { return inForce }
        do throws(StoreError) {
            return try settings.trail.store.leases(endedSince: time).filter { $0.end != nil } + inForce
        } catch { throw .auditUnwritable(error) }
    }

    /// Ends what has run out. To be called when `nextExpiry` has come.
    public func expireLeases() throws(ProtectionError) {
        try locked { (held) throws(ProtectionError) in
            let now = settings.now().sinceBoot
            for lease in held.allLeases {
                guard lease.lastError == nil, let expiry = lease.expiry, expiry.sinceBoot <= now else { continue }
                do throws(ProtectionError) {
                    _ = try end(lease, .expired, newEntry(.expireLease, .daemon), &held)
                } catch {
                    guard case .process(let reason) = error else { throw error }
                    tryAgain(lease.subject.key, [lease], reason, &held)
                }
            }
        }
    }

    private func endable(
        _ leases: [Lease], on process: ProcessID, by principal: Principal
    ) throws(ProtectionError) -> [Lease] {
        guard let first = leases.first else { throw .nothingToRestore(process) }
        if principal.may(.admin) { return leases }
        let own = leases.filter { $0.owner.name == principal.name }
        guard !own.isEmpty else { throw .notTheOwner(lease: first.id, owner: first.owner.name) }
        return own
    }
}

extension ProtectionKeeper {
    private func end(
        _ lease: Lease, _ why: Lease.End.Why, _ entry: AuditEntry, _ held: inout Holdings
    ) throws(ProtectionError) -> Release {
        var entry = entry
        entry.subject = lease.subject
        let subject: ProtectedProcess
        do throws(ProcessError) { subject = try ProtectedProcess(lease.subject.key, in: table, kernel: kernel) } catch {
            if error.isEnd { return endOfProcess(lease.subject.key, &held, why: why, as: entry) }
            settings.trail.note(entry.ended(.failed, error.sentence))
            throw .process(error)
        }
        entry.before = subject.before.adjustment
        return try release(ended([lease], why), on: subject, PutBack(entry: entry), &held)
    }

    /// - Parameters:
    ///   - leases: as they are when they have ended.
    ///   - told: completed here.
    func release(
        _ leases: [Lease], on subject: borrowing ProtectedProcess, _ told: PutBack, _ held: inout Holdings
    ) throws(ProtectionError) -> Release {
        let key = subject.key
        var release = Release(ended: leases)
        guard let touched = held.touched[key], let target = held.target(of: key, without: leases) else { return release }
        var entry = told.entry
        entry.after = target
        entry.lease = leases.count == 1 ? leases.first?.id : nil
        entry.reason = leases.first?.reason
        let before = leases.compactMap { held.lease($0.id) }
        leases.forEach { held.remove($0) }
        do throws(ProcessError) {
            let told = PutBack(entry: entry, changes: leases.map(ProtectionChange.lease), isRepeated: told.isRepeated)
            release.outcome = try putBack(touched, to: target, on: subject, told, &held)
        } catch {
            before.forEach { held.put($0) }
            throw .process(error)
        }
        release.isLeftAlone = release.outcome == nil
        if release.isLeftAlone { release.outcome = subject.unchanged }
        release.childrenRestored = settleFamily(of: key, &held).changed
        if held.wish(for: key) == nil { held.forget(key) }
        return release
    }

    /// Its leases end with it, and what its descendants have from it goes back.
    @discardableResult
    func endOfProcess(
        _ key: Holdings.Key, _ held: inout Holdings, why: Lease.End.Why = .processEnded, as entry: AuditEntry? = nil
    ) -> Release {
        let leases = held.leases(on: key)
        var release = Release(ended: ended(leases, why))
        leases.forEach { held.remove($0) }
        if var touched = held.touched[key] {
            touched.claim = nil
            held.put(touched)
        }
        release.childrenRestored = settleHeirs(of: key, &held)
        held.forget(key)
        var changes: [ProtectionChange] = [.untouched(key)]
        for lease in release.ended {
            var line = entry ?? newEntry(.endLease, .daemon)
            line.subject = lease.subject
            line.lease = lease.id
            changes += [.audit(line.ended(.done, "the process has ended")), .lease(lease)]
        }
        settings.trail.note(changes)
        writeDownFamilies(&held)
        return release
    }

    func ended(_ leases: [Lease], _ why: Lease.End.Why) -> [Lease] {
        let time = settings.now().wall
        return leases.map { lease in
            var lease = lease
            lease.end = Lease.End(at: time, why: lease.lastError == nil ? why : .expired)
            lease.lastError = nil
            return lease
        }
    }
}

extension Holdings {
    /// What a process is to have when these leases are gone; nil for one that has nothing of ours.
    fileprivate func target(of key: Key, without gone: [Lease]) -> OOMScoreAdjustment? {
        guard let touched = touched[key] else { return nil }
        let rest = leases(on: key).filter { lease in !gone.contains { $0.id == lease.id } }
        return Holdings.wish(of: rest, claim: touched.claim)?.adjustment ?? touched.baseline
    }
}
