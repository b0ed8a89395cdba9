import Diagnosis
import Host
import Kernel
import Logging
import Store
import Synchronization

extension PolicyEngine {
    /// What the feed tells. Where there are no policies any more, all is let go, and nothing needs to be told.
    func take(_ events: [ProcessFeed.Event]) {
        let isOver = book.policies.isEmpty
        work.withLock { work in
            if isOver { letGo(&work) } else { follow(events, &work) }
        }
        guard isOver else { return }
        feed.stop(for: .policies)
        // One may have been put while the last ones were let go.
        if !book.policies.isEmpty { policiesChanged() }
    }

    private func letGo(_ work: inout Work) {
        guard !work.set.policies.isEmpty || !work.subjects.isEmpty else { return }
        for process in work.subjects.keys { withdraw(process, &work) }
        work.set = PolicySet([])
        show(work, newlyContested: 0, failure: nil)
    }

    /// A child that has not become another program is like its parent: only where that one matches can it. A child whose parent has
    /// ended has another one, so that its role may be another: of a daemon that detaches itself (Type=forking) no more is told.
    private func follow(_ events: [ProcessFeed.Event], _ work: inout Work) {
        var changed: Set<ProcessID> = []
        var isAll = false
        for event in events {
            switch event {
            case .scanned, .lost: isAll = true
            case .executed(let process): changed.insert(process)
            case .forked(let parent, let child): if work.subjects[parent] != nil { changed.insert(child) }
            case .exited(let process):
                changed.remove(process)
                guard work.subjects.removeValue(forKey: process) != nil else { continue }
                changed.formUnion(work.subjects.filter { $0.value.parent == process }.keys)
            }
        }
        guard isAll || !changed.isEmpty else { return }
        look(at: isAll ? nil : changed, &work)
    }

    /// - Parameter processes: nil for all of the machine.
    private func look(at processes: Set<ProcessID>?, _ work: inout Work) {
        do throws(SourceError) {
            let facts = try ProcessFacts(of: table)
            if processes == nil { renew(&work) }
            let ids = if let processes { processes.sorted() } else { try facts.readProcesses() }
            let found = try match(ids, facts, &work)
            noteDenied(facts.deniedPrograms)
            let gone = processes.map(Array.init) ?? Array(work.subjects.keys)
            for id in Set(gone).subtracting(found) { work.subjects[id] = nil }
            var contested = 0
            for process in found { if settle(process, facts, &work) { contested += 1 } }
            show(work, newlyContested: contested, failure: nil)
        } catch { show(work, newlyContested: 0, failure: error) }
    }

    /// A policy by exe that cannot see a program does not match it, which nobody would find out from that.
    private func noteDenied(_ programs: Int) {
        guard programs > 0, !hasToldOfDenied.exchange(true, ordering: .relaxed) else { return }
        logger.warning(
            """
            policies: the programs of \(programs) processes may not be seen, so that none by exe matches them: that needs \
            CAP_SYS_PTRACE, ignoring
            """)
    }

    /// Users may have come since, and policies.
    private func renew(_ work: inout Work) {
        let policies = book.policies
        work.set = PolicySet(policies, users: UserNames.numbers(of: PolicySet.userNames(in: policies)))
    }

    /// Compares them with all policies. All are known before any is settled: a role depends on the parent.
    ///
    /// - Returns: those that some policy matches.
    private func match(_ ids: [ProcessID], _ facts: ProcessFacts, _ work: inout Work) throws(SourceError) -> [ProcessID] {
        var subject = facts
        var found: [ProcessID] = []
        for id in ids where try facts.step(to: id) {
            let matches = work.set.matches(of: &subject)
            let known = work.subjects[id].flatMap { $0.startTime == facts.startTime ? $0 : nil }
            guard !matches.isEmpty else {
                if known != nil { withdraw(id, &work) }
                continue
            }
            guard facts.isSameStill(), var target = known ?? PolicyTarget(facts, matches) else { continue }
            (target.matches, target.parent, target.commandName) = (matches, facts.parent, facts.commandName)
            work.subjects[id] = target
            found.append(id)
        }
        return found
    }

    func withdraw(_ process: ProcessID, _ work: inout Work) {
        guard let target = work.subjects.removeValue(forKey: process), target.claim != nil else { return }
        _ = apply(nil, process, target.startTime)
    }
}

// One process.
extension PolicyEngine {
    /// - Returns: true where it has turned out to be contested now.
    private func settle(_ process: ProcessID, _ facts: ProcessFacts, _ work: inout Work) -> Bool {
        guard var target = work.subjects[process] else { return false }
        defer { work.subjects[process] = target }
        let choice = work.set.choose(
            target.matches, parent: work.subjects[target.parent]?.matches ?? [], before: target.before)
        guard let winner = choice.winner else {
            target.policy = choice.refused?.index
            target.standing = choice.refused == nil ? .new : .refused(why: ForeseenPolicy.forgeable, until: .monotonic)
            if target.claim != nil { _ = apply(nil, process, target.startTime) }
            target.claim = nil
            return false
        }
        let policy = work.set.policies[winner.index]
        let claim = PolicyClaim(name: policy.name, adjustment: policy.adjustment, children: policy.children)
        target.policy = winner.index
        guard target.claim == claim else {
            target.claim = claim
            target.standing = standing(of: apply(claim, process, target.startTime), found: target.before)
            return target.standing.isContested
        }
        return hold(claim, process, &target, found: facts.readAdjustment(of: process))
    }

    /// Looks after a claim that was made before.
    private func hold(
        _ claim: PolicyClaim, _ process: ProcessID, _ target: inout PolicyTarget, found: OOMScoreAdjustment?
    ) -> Bool {
        guard let found else { return false }
        if case .refused(_, let until) = target.standing, Nanoseconds.monotonic.count < until.count { return false }
        guard found != claim.adjustment else {
            if target.standing != .appliedAgain { target.standing = .applied }
            return false
        }
        switch target.standing {
        case .contested:
            target.standing = .contested(found: found)
            return false
        case .appliedAgain: target.standing = .contested(found: found)
        case .applied:
            let standing = standing(of: apply(claim, process, target.startTime), found: found)
            target.standing = standing == .applied ? .appliedAgain : standing
        case .new, .leased, .refused:
            target.standing = standing(of: apply(claim, process, target.startTime), found: found)
        }
        guard target.standing.isContested else { return false }
        logger.warning(
            "policy \(claim.name): process \(process) has oom_score_adj \(found) again, set by somebody else, leaving it alone")
        return true
    }

    private func standing(of outcome: Outcome, found: OOMScoreAdjustment) -> PolicyTarget.Standing {
        switch outcome {
        case .applied: .applied
        case .leased: .leased
        case .contested: .contested(found: found)
        case .gone: .new
        case .refused(let why): .refused(why: why, until: Nanoseconds(Nanoseconds.monotonic.count + Self.pause.count))
        }
    }

    /// Before the kernel, or the budget, is asked again for what it has refused.
    private static let pause = Nanoseconds(60_000_000_000)
}

extension PolicyTarget {
    /// The process that `facts` stands at; nil where its value may not be read.
    fileprivate init?(_ facts: ProcessFacts, _ matches: [PolicySet.Match]) {
        guard let before = facts.readAdjustment(of: facts.process) else { return nil }
        self.init(
            startTime: facts.startTime, parent: facts.parent, commandName: facts.commandName, matches: matches, before: before)
    }
}
