import Diagnosis
import Host
import Kernel
import Store
import Synchronization

extension ProtectionKeeper {
    /// Reads what was protected before this start, and brings it to agree with the audit and /proc. Done once; any use does it.
    public func recover() throws(ProtectionError) { try locked { _ in } }

    /// Puts back every value that is still ours and keeps the leases: the next start applies those again that have not run out.
    ///
    /// - Returns: what was done, a sentence for each process. How many did not get it back is `summary.pending`.
    public func suspend() throws(ProtectionError) -> [String] {
        try locked { (held) in
            var said: [String] = []
            for root in held.roots {
                said += suspend(root, &held).map { ["process \(root.process): \($0)"] } ?? []
            }
            // A child that was made before its parent had the value back is there now.
            do throws(SourceError) {
                let tree = try table.readTree()
                for root in held.roots { adoptAll(below: root, in: tree, &held) }
            } catch { note(error) }
            for heir in held.touched.values where heir.heirOf != nil { settle(heir, to: heir.baseline, &held) }
            writeDownFamilies(&held)
            return said.sorted()
        }
    }

    func recovered() throws(StoreError) -> Holdings {
        let store = settings.trail.store
        var held = Holdings()
        let unfinished = try store.unfinishedEntries()
        let leases = try store.leases()
        for process in try store.touchedProcesses() where process.key.bootID == kernel.bootID { held.put(process) }
        // They are in no process any more, and the next start has another try.
        do throws(StoreError) { try store.forgetTouched(exceptOf: kernel.bootID) } catch { note(.auditUnwritable(error)) }
        let now = settings.now().sinceBoot
        var gone: [ProtectionChange] = []
        for lease in leases {
            if lease.subject.bootID != kernel.bootID {
                gone += ended([lease], .rebooted).map(ProtectionChange.lease)
            } else if let expiry = lease.expiry, expiry.sinceBoot <= now {
                held.put(lease.over("its time is over"))
            } else {
                held.put(lease)
            }
        }
        let lost = Dictionary(unfinished.compactMap { entry in entry.subject.map { ($0.key, entry) } }) { $1 }
        for root in held.roots { settleAtStart(root, lost[root], &held) }
        for lease in held.allLeases where lease.lastError != nil && held.retries[lease.subject.key] == nil {
            held.remove(lease)
            var entry = newEntry(.expireLease, .daemon)
            (entry.subject, entry.lease, entry.reason) = (lease.subject, lease.id, lease.reason)
            gone.append(.audit(entry.ended(.done, "it ran out while no daemon ran")))
            gone += ended([lease], .expired).map(ProtectionChange.lease)
        }
        settings.trail.note(gone)
        settings.trail.note(unfinished.map { .audit(recovery(of: $0, held)) })
        settleFamiliesAtStart(&held)
        return held
    }
}

extension ProtectionKeeper {
    private func settleAtStart(_ key: Holdings.Key, _ lost: AuditEntry?, _ held: inout Holdings) {
        guard var touched = held.touched[key] else { return }
        do throws(ProcessError) {
            let subject = try ProtectedProcess(key, in: table, kernel: kernel)
            let found = subject.before.adjustment
            // Of a write that we do not know the end of, both values are ours.
            if let lost, lost.before == found || lost.after == found { touched.applied = found }
            held.put(touched)
            guard settings.appliesAtStart else { return }
            let wish = held.wish(for: key)
            let target = wish?.adjustment ?? touched.baseline
            if found != target || wish == nil {
                var entry = newEntry(wish == nil ? .restore : .protect, .daemon)
                entry.subject = subject.subject
                entry.before = found
                entry.after = target
                entry.lease = wish?.lease?.id
                entry.policy = wish?.lease == nil ? touched.claim?.name : nil
                _ = try putBack(touched, to: target, on: subject, PutBack(entry: entry), &held)
            }
        } catch {
            if error.isEnd { return _ = endOfProcess(key, &held) }
            if held.wish(for: key) == nil { tryAgain(key, held.leases(on: key), error, &held) }
        }
    }

    /// How what was intended has ended, seen from after the start.
    private func recovery(of entry: AuditEntry, _ held: Holdings) -> AuditEntry {
        var entry = entry.ended(.recovered, "the daemon died meanwhile", at: settings.now().wall)
        guard let key = entry.subject?.key else { return entry }
        do throws(ProcessError) {
            entry.after = try ProtectedProcess(key, in: table, kernel: kernel).before.adjustment
            let wish = held.wish(for: key)
            entry.detail =
                "the daemon died meanwhile; "
                + (wish.map { $0.lease.map { "lease \($0.id) is in force" } ?? "the policy is in force" } ?? "nothing is in force")
        } catch {
            entry.after = nil
            entry.detail = "the daemon died meanwhile; \(error.sentence)"
        }
        return entry
    }

    private func settleFamiliesAtStart(_ held: inout Holdings) {
        guard settings.appliesAtStart, !held.touched.isEmpty else { return }
        for root in Set(held.touched.values.compactMap(\.heirOf)) { _ = settleHeirs(of: root, &held) }
        do throws(SourceError) {
            let tree = try table.readTree()
            for root in held.roots { adoptAll(below: root, in: tree, &held) }
        } catch { note(error) }
        for root in held.roots where held.wish(for: root) == nil && held.retries[root] == nil { held.forget(root) }
    }

    private func suspend(_ key: Holdings.Key, _ held: inout Holdings) -> String? {
        guard let touched = held.touched[key] else { return nil }
        for heir in held.heirs(of: key) { settle(heir, to: heir.baseline, &held) }
        guard touched.applied != touched.baseline else { return nil }
        do throws(ProcessError) {
            let subject = try ProtectedProcess(key, in: table, kernel: kernel)
            var entry = newEntry(.restore, .daemon)
            entry.subject = subject.subject
            entry.before = subject.before.adjustment
            entry.after = touched.baseline
            entry.lease = held.wish(for: key)?.lease?.id
            let outcome = try putBack(touched, to: touched.baseline, on: subject, PutBack(entry: entry), &held)
            held.tryNoMore(key)
            return outcome.map { "oom_score_adj \($0.before.adjustment) is \($0.after.adjustment) again" }
                ?? "left alone, somebody else has set \(subject.before.adjustment)"
        } catch {
            if error.isEnd { return nil }
            _ = held.tryAgain(key, from: settings.now().sinceBoot, because: error.sentence)
            return error.sentence
        }
    }
}
