import Diagnosis
import Host
import Kernel
import Store

extension ProtectionKeeper {
    /// Makes a lease, or renews the one that the same owner has on the process.
    public func protect(
        _ request: Request, _ order: Order, by principal: Principal
    ) throws(ProtectionError) -> Protection {
        let granted = try budgeted { (held, checked) throws(ProtectionError) -> Budgeted<Protection> in
            var entry = newEntry(.protect, principal.who)
            entry.after = order.adjustment
            entry.reason = order.reason
            if !request.isDryRun { adoptIfNew(request.process, &held) }
            let subject = try opened(request, entry)
            entry.subject = subject.subject
            entry.before = subject.before.adjustment
            let plan = Plan(order, on: subject, by: principal, at: settings.now(), held)
            entry.lease = plan.lease.id
            entry.verb = plan.earlier == nil ? .protect : .renew
            if plan.wish.adjustment == .exempt, !request.isForced { try checkLeavesAVictim(subject) }
            let candidate = ProtectedCandidate(subject, plan.wish, isForced: request.isForced)
            guard let checked, checked.covers(candidate) else { return .unchecked(candidate) }
            guard request.isDryRun else { return .done(try carryOut(plan, on: subject, entry, &held)) }
            return .done(
                plan.protection(try reported { () throws(ProcessError) in try subject.foresee(plan.wish.adjustment) }, nil))
        }
        wakeThread()
        return granted
    }

    /// What the kernel refuses is written down here; what we refuse, by whoever was asked.
    func opened(_ request: Request, _ entry: AuditEntry) throws(ProtectionError) -> ProtectedProcess {
        do throws(ProcessError) { return try ProtectedProcess(request, in: table, kernel: kernel) } catch {
            if case .refused = error, !request.isDryRun { settings.trail.note(entry.ended(.failed, error.sentence)) }
            throw .process(error)
        }
    }

    func newEntry(_ verb: AuditEntry.Verb, _ who: AuditEntry.Who) -> AuditEntry {
        AuditEntry(at: settings.now().wall, who: who, verb: verb, result: .intended, action: AuditEntry.newAction())
    }

    func checkLeavesAVictim(_ subject: borrowing ProtectedProcess) throws(ProtectionError) {
        let group: CgroupPath?
        do { group = try subject.readGroupWithoutOtherVictim(in: cgroups) } catch { throw .process(error) }
        if let group { throw .noOtherVictim(subject.handle.process, group: group) }
    }
}

extension ProtectionKeeper {
    /// What a protect comes to, before anything is done.
    struct Plan {
        /// The same one before it is renewed.
        let earlier: Lease?
        let lease: Lease
        let wish: Holdings.Wish
        let earlierTouched: TouchedProcess?
        let touched: TouchedProcess

        init(
            _ order: Order, on subject: borrowing ProtectedProcess, by principal: Principal, at now: RecordedTime,
            _ held: Holdings
        ) {
            let key = subject.key
            let earlier = held.leases(on: key).first { $0.owner.name == principal.name }
            var lease =
                earlier
                ?? Lease(
                    id: "l-" + AuditEntry.randomDigits(8), owner: principal.who, of: subject.subject,
                    adjustment: order.adjustment, createdAt: now.wall)
            lease.owner = principal.who
            lease.adjustment = order.adjustment
            lease.children = order.children
            lease.reason = order.reason
            lease.lastError = nil
            lease.expiry = order.time.map { Lease.Expiry($0, from: now) }
            self.earlier = earlier
            self.lease = lease
            let others = held.leases(on: key).filter { $0.id != lease.id }
            wish =
                Holdings.wish(of: others + [lease], claim: held.touched[key]?.claim)
                ?? Holdings.Wish(adjustment: lease.adjustment, children: lease.children, lease: lease)
            earlierTouched = held.touched[key]
            touched = TouchedProcess(subject, earlierTouched, at: now)
        }

        func protection(_ outcome: ProtectionOutcome, _ descendants: Int?) -> Protection {
            Protection(
                outcome: outcome, lease: lease, isRenewed: earlier != nil,
                outrankedBy: wish.lease?.id == lease.id ? nil : wish.lease?.id, descendants: descendants)
        }
    }

    private func carryOut(
        _ plan: Plan, on subject: borrowing ProtectedProcess, _ entry: AuditEntry, _ held: inout Holdings
    ) throws(ProtectionError) -> Protection {
        var entry = entry
        entry.after = plan.wish.adjustment
        let outcome = try write(
            plan.touched, as: plan.wish.adjustment, on: subject,
            WrittenDown(
                entry: entry, before: [.lease(plan.lease)], onFailure: [.lease(plan.undone(at: settings.now().wall))],
                earlier: plan.earlierTouched), &held)
        held.put(plan.lease)
        let family = settleFamily(of: plan.touched.key, &held)
        return plan.protection(outcome, family.descendants)
    }
}

extension ProtectionKeeper.Plan {
    /// As it was: the kernel refused.
    fileprivate func undone(at time: Timestamp) -> Lease {
        var lease = earlier ?? lease
        if earlier == nil { lease.end = Lease.End(at: time, why: .failed) }
        return lease
    }
}

extension TouchedProcess {
    /// What somebody else has written since is what will be put back: the wish is newer than that.
    init(_ subject: borrowing ProtectedProcess, _ earlier: TouchedProcess?, at now: RecordedTime) {
        let before = subject.before.adjustment
        self =
            earlier
            ?? TouchedProcess(
                key: subject.key, baseline: before, applied: before, since: ClockTicks(sinceBoot: now.sinceBoot))
        if before != applied {
            baseline = before
            applied = before
        }
        heirOf = nil
    }
}

extension Lease.Expiry {
    /// A time that no clock will reach is none that ends.
    init(_ time: Nanoseconds, from now: RecordedTime) {
        let (at, tooLate) = now.wall.unixNanoseconds.addingReportingOverflow(time.count)
        let (sinceBoot, tooLong) = now.sinceBoot.count.addingReportingOverflow(time.count)
        self.init(
            at: Timestamp(unixNanoseconds: tooLate ? .max : at), sinceBoot: Nanoseconds(tooLong ? .max : sinceBoot))
    }
}

extension AuditEntry {
    /// The last entry of the same action.
    func ended(_ result: Result, _ detail: String? = nil, at time: Timestamp? = nil) -> AuditEntry {
        var entry = self
        entry.result = result
        entry.detail = detail
        if let time { entry.at = time }
        return entry
    }
}

func reported<Value: ~Copyable>(_ body: () throws(ProcessError) -> Value) throws(ProtectionError) -> Value {
    do { return try body() } catch { throw .process(error) }
}
