import Diagnosis
import Host
public import Kernel
public import Store

/// What became of a policy's claim on one process.
public enum ClaimOutcome: Hashable, Sendable {
    case applied(before: OOMScoreAdjustment, after: OOMScoreAdjustment)
    case unchanged
    /// A lease goes before it; the claim waits for its end.
    case outranked(lease: String)
    /// Somebody else has changed what we wrote, and again after it was written once more: it is left alone.
    case contested
    /// The process has ended, or is another one.
    case gone
    case failed(ProtectionError)
}

extension ProtectionKeeper {
    /// How often a value that somebody else changed is written again.
    private static let reapplications = 1

    /// Says what a policy wants of a process now; nil, that none wants anything any more.
    ///
    /// Its children are looked for by the next `sweep()`, or told by `noteForked(parent:child:)`.
    public func setPolicyClaim(
        _ claim: PolicyClaim?, on process: ProcessID, startTime: ClockTicks
    ) -> ClaimOutcome {
        let key = Holdings.Key(bootID: kernel.bootID, process: process, startTime: startTime)
        do throws(ProtectionError) {
            return try locked { (held) throws(ProtectionError) in
                let subject: ProtectedProcess
                do throws(ProcessError) { subject = try ProtectedProcess(key, in: table, kernel: kernel) } catch {
                    if error.isEnd { return .gone }
                    throw .process(error)
                }
                guard let claim else { return giveUp(on: subject, &held) }
                return take(claim, on: subject, &held)
            }
        } catch { return .failed(error) }
    }

    /// Whether nothing is to be done for a claim, told without looking at the process.
    ///
    /// - Parameter adjustment: what it has, as the caller has just read it.
    public func isSettled(
        _ claim: PolicyClaim?, on process: ProcessID, startTime: ClockTicks, at adjustment: OOMScoreAdjustment
    ) -> Bool {
        var isSettled = false
        quietly { held in
            guard let touched = held.touched(process), touched.key.startTime == startTime, touched.heirOf == nil else {
                return isSettled = claim == nil
            }
            isSettled = touched.claim == claim && (touched.applied == adjustment || held.wish(for: touched.key)?.lease != nil)
        }
        return isSettled
    }

    /// Every claim that is held, those of before the last start too: what no policy wants any more is to be given up.
    public var policyClaims: [(process: ProcessID, startTime: ClockTicks, claim: PolicyClaim)] {
        var claims: [(process: ProcessID, startTime: ClockTicks, claim: PolicyClaim)] = []
        quietly { held in
            claims = held.touched.values.compactMap { touched in
                touched.claim.map { (touched.key.process, touched.key.startTime, $0) }
            }
        }
        return claims
    }
}

extension ProtectionKeeper {
    private func take(
        _ claim: PolicyClaim, on subject: borrowing ProtectedProcess, _ held: inout Holdings
    ) -> ClaimOutcome {
        let now = settings.now()
        let before = subject.before.adjustment
        let known = held.touched[subject.key]
        let isNew = known?.claim != claim
        if isNew { held.contests[subject.key] = nil }
        if let known, !isNew, held.leases(on: subject.key).isEmpty, before != known.applied {
            guard before != claim.adjustment else { return .unchanged }
            let contests = held.contests[subject.key] ?? 0
            guard contests < Self.reapplications else { return .contested }
            held.contests[subject.key] = contests + 1
        }
        var touched = isNew ? TouchedProcess(subject, known, at: now) : known ?? TouchedProcess(subject, nil, at: now)
        touched.claim = claim
        if let lease = held.wish(for: subject.key)?.lease {
            guard isNew else { return .outranked(lease: lease.id) }
            held.put(touched)
            settings.trail.note([.touched(touched)])
            return .outranked(lease: lease.id)
        }
        guard isNew || before != claim.adjustment else { return .unchanged }
        return apply(claim, touched, on: subject, &held)
    }

    private func apply(
        _ claim: PolicyClaim, _ touched: TouchedProcess, on subject: borrowing ProtectedProcess, _ held: inout Holdings
    ) -> ClaimOutcome {
        var entry = newEntry(.applyPolicy, .daemon)
        entry.subject = subject.subject
        entry.before = subject.before.adjustment
        entry.after = claim.adjustment
        entry.policy = claim.name
        let earlier = held.touched[subject.key]
        do throws(ProtectionError) {
            if claim.adjustment == .exempt { try checkLeavesAVictim(subject) }
            try settings.checkBudget(
                ProtectedCandidate(
                    process: subject.handle.process, startTime: subject.handle.startTime, wanted: claim.adjustment,
                    baseline: touched.baseline, isForced: false, children: claim.children))
            let outcome = try write(
                touched, as: claim.adjustment, on: subject,
                WrittenDown(entry: entry, before: [], earlier: earlier), &held)
            guard outcome.changed else { return .unchanged }
            return .applied(before: outcome.before.adjustment, after: outcome.after.adjustment)
        } catch { return .failed(error) }
    }

    private func giveUp(on subject: borrowing ProtectedProcess, _ held: inout Holdings) -> ClaimOutcome {
        guard var touched = held.touched[subject.key], let claim = touched.claim else { return .unchanged }
        touched.claim = nil
        held.put(touched)
        held.contests[subject.key] = nil
        if let lease = held.wish(for: subject.key)?.lease {
            settings.trail.note([.touched(touched)])
            return .outranked(lease: lease.id)
        }
        var entry = newEntry(.restore, .daemon)
        entry.subject = subject.subject
        entry.before = subject.before.adjustment
        entry.after = touched.baseline
        entry.policy = claim.name
        do throws(ProcessError) {
            let outcome = try putBack(touched, to: touched.baseline, on: subject, PutBack(entry: entry), &held)
            _ = settleFamily(of: subject.key, &held)
            held.forget(subject.key)
            guard let outcome else { return .contested }
            return outcome.changed ? .applied(before: outcome.before.adjustment, after: outcome.after.adjustment) : .unchanged
        } catch {
            if error.isEnd { return .gone }
            tryAgain(subject.key, [], error, &held)
            return .failed(.process(error))
        }
    }
}
