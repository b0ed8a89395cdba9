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
            guard let claim else {
                return try locked { (held) throws(ProtectionError) in giveUp(on: try opened(key), &held) }
            }
            return try budgeted { (held, checked) throws(ProtectionError) in
                try take(claim, on: try opened(key), checked, &held)
            }
        } catch {
            if case .process(let reason) = error, reason.isEnd { return .gone }
            return .failed(error)
        }
    }

    private func opened(_ key: Holdings.Key) throws(ProtectionError) -> ProtectedProcess {
        try reported { () throws(ProcessError) in try ProtectedProcess(key, in: table, kernel: kernel) }
    }

    /// Every claim that is held, those of before the last start too: what no policy wants any more is to be given up.
    public var policyClaims: [HeldClaim] {
        var claims: [HeldClaim] = []
        quietly { held in
            claims = held.touched.values.compactMap { touched in
                touched.claim.map {
                    HeldClaim(
                        process: touched.key.process, startTime: touched.key.startTime, claim: $0, baseline: touched.baseline)
                }
            }
        }
        return claims
    }
}

extension ProtectionKeeper {
    private func take(
        _ claim: PolicyClaim, on subject: borrowing ProtectedProcess, _ checked: ProtectedCandidate?, _ held: inout Holdings
    ) throws(ProtectionError) -> Budgeted<ClaimOutcome> {
        let now = settings.now()
        let before = subject.before.adjustment
        let known = held.touched[subject.key]
        let isNew = known?.claim != claim
        var contests = isNew ? nil : held.contests[subject.key]
        if let known, !isNew, held.leases(on: subject.key).isEmpty, before != known.applied {
            guard before != claim.adjustment else { return .done(.unchanged) }
            contests = (contests ?? 0) + 1
            guard contests ?? 0 <= Self.reapplications else { return .done(.contested) }
        }
        var touched = isNew ? TouchedProcess(subject, known, at: now) : known ?? TouchedProcess(subject, nil, at: now)
        touched.claim = claim
        if let lease = held.wish(for: subject.key)?.lease {
            guard isNew else { return .done(.outranked(lease: lease.id)) }
            held.contests[subject.key] = nil
            held.put(touched)
            settings.trail.note([.touched(touched)])
            return .done(.outranked(lease: lease.id))
        }
        guard isNew || before != claim.adjustment else { return .done(.unchanged) }
        if claim.adjustment == .exempt { try checkLeavesAVictim(subject) }
        let candidate = ProtectedCandidate(
            subject, Holdings.Wish(adjustment: claim.adjustment, children: claim.children, lease: nil), isForced: false)
        guard let checked, checked.covers(candidate) else { return .unchecked(candidate) }
        held.contests[subject.key] = contests
        return .done(try apply(claim, touched, on: subject, &held))
    }

    private func apply(
        _ claim: PolicyClaim, _ touched: TouchedProcess, on subject: borrowing ProtectedProcess, _ held: inout Holdings
    ) throws(ProtectionError) -> ClaimOutcome {
        var entry = newEntry(.applyPolicy, .daemon)
        entry.subject = subject.subject
        entry.before = subject.before.adjustment
        entry.after = claim.adjustment
        entry.policy = claim.name
        let outcome = try write(
            touched, as: claim.adjustment, on: subject,
            WrittenDown(entry: entry, before: [], earlier: held.touched[subject.key]), &held)
        guard outcome.changed else { return .unchanged }
        return .applied(before: outcome.before.adjustment, after: outcome.after.adjustment)
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
