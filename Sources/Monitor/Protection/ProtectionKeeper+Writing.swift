import Diagnosis
import Host
import Kernel
import Store
import Synchronization

extension ProtectionKeeper {
    /// What goes into the store around a write.
    struct WrittenDown {
        /// As intended; its subject and both values are there.
        let entry: AuditEntry
        /// With the intention.
        let before: [ProtectionChange]
        /// With the news that it failed.
        var onFailure: [ProtectionChange] = []
        /// What is known of the process then; nil where it had nothing of ours.
        let earlier: TouchedProcess?
    }

    /// What is written down when something is put back.
    struct PutBack {
        let entry: AuditEntry
        /// With the news that it is done.
        var changes: [ProtectionChange] = []
        /// The kernel has refused it before, which is written down: it is once more only when it succeeds.
        var isRepeated = false
    }

    /// Gives a process a value that somebody wishes: first the store, then the kernel, then the store.
    ///
    /// - Throws: where it could not be written down, or the kernel refused. Then all is as it was, or is tried to be again.
    func write(
        _ touched: TouchedProcess, as wanted: OOMScoreAdjustment, on subject: borrowing ProtectedProcess, _ told: WrittenDown,
        _ held: inout Holdings
    ) throws(ProtectionError) -> ProtectionOutcome {
        let changes = subject.before.adjustment != wanted
        var next = touched
        next.applied = wanted
        var intended = next
        // Should we die before we know, the floor is taken to have moved: it is then put back too high rather than left too low.
        intended.movedFloor = touched.movedFloor || (changes && wanted < subject.before.adjustment && mayMoveFloor)
        try require(told.before + [.touched(intended), .audit(changes ? told.entry : told.entry.ended(.done))])
        guard changes else {
            held.put(next)
            return subject.unchanged
        }
        do throws(ProcessError) {
            let outcome = try subject.set(wanted, movedFloor: &next.movedFloor)
            held.put(next)
            settings.trail.note([
                .audit(told.entry.ended(.done, outcome.alsoChangedSentence, at: settings.now().wall)), .touched(next),
            ])
            return outcome
        } catch {
            var changes = told.onFailure
            changes.append(.audit(told.entry.ended(.failed, error.sentence, at: settings.now().wall)))
            if isUndone(wanted, of: next, on: subject) {
                changes.append(told.earlier.map(ProtectionChange.touched) ?? .untouched(touched.key))
            } else {
                next.claim = told.earlier?.claim
                held.put(next)
                changes.append(.touched(next))
                tryAgain(touched.key, [], error, &held)
            }
            settings.trail.note(changes)
            throw .process(error)
        }
    }

    /// What failed after the write must not leave the value without a lease.
    ///
    /// - Returns: false where it has the value still, or nobody knows.
    private func isUndone(
        _ wanted: OOMScoreAdjustment, of touched: TouchedProcess, on subject: borrowing ProtectedProcess
    ) -> Bool {
        var movedFloor = touched.movedFloor
        do throws(ProcessError) {
            guard try subject.handle.readAdjustment() == wanted else { return true }
            try subject.handle.put(subject.before.adjustment, over: wanted, movedFloor: &movedFloor)
            return true
        } catch { return error.isEnd }
    }

    /// Puts back what was there before, or the next strongest wish: it is done whether or not it can be written down.
    ///
    /// - Returns: nil where somebody else has changed the value since, and it was left as it is.
    func putBack(
        _ touched: TouchedProcess, to target: OOMScoreAdjustment, on subject: borrowing ProtectedProcess, _ told: PutBack,
        _ held: inout Holdings
    ) throws(ProcessError) -> ProtectionOutcome? {
        let (trail, entry) = (settings.trail, told.entry)
        var next = touched
        next.applied = target
        let saved = target == touched.baseline && held.wish(for: touched.key) == nil ? nil : next
        let after: [ProtectionChange] = [saved.map(ProtectionChange.touched) ?? .untouched(touched.key)] + told.changes
        let before = subject.before.adjustment
        guard before == touched.applied || before == target else {
            trail.note([.audit(entry.ended(.leftAlone, "it is \(before) now, which is not from us"))] + after)
            return nil
        }
        guard before != target else {
            trail.note([.audit(entry.ended(.done))] + after)
            held.put(next)
            return subject.unchanged
        }
        if !told.isRepeated { trail.note(entry) }
        do throws(ProcessError) {
            let outcome = try subject.set(target, movedFloor: &next.movedFloor)
            held.put(next)
            trail.note([.audit(entry.ended(.done, outcome.alsoChangedSentence, at: settings.now().wall))] + after)
            return outcome
        } catch {
            if !told.isRepeated { trail.note(entry.ended(.failed, error.sentence, at: settings.now().wall)) }
            throw error
        }
    }

    func require(_ changes: [ProtectionChange]) throws(ProtectionError) {
        do { try settings.trail.require(changes) } catch { throw .auditUnwritable(error) }
    }

    private var mayMoveFloor: Bool {
        do { return try Capabilities.readOwn().effective.contains(.sysResource) } catch { return true }
    }
}

extension ProtectionOutcome {
    /// Nil where nobody shares the memory.
    fileprivate var alsoChangedSentence: String? {
        guard !alsoChanged.isEmpty else { return nil }
        return "processes with the same memory have it too: " + alsoChanged.map(\.description).joined(separator: ", ")
    }
}
