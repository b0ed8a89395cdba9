import Diagnosis
import Host
import Kernel
import Logging
import Store
import Synchronization

extension PolicyEngine {
    /// What the feed tells. Where there are no policies any more, and all is let go, nothing needs to be told.
    func take(_ events: [ProcessFeed.Event]) {
        let (users, again) = work.withLock { ($0.set.users, $0.again) }
        let isAll =
            events.contains { $0 == .scanned || $0 == .lost } || again.map { $0.count <= Nanoseconds.monotonic.count } ?? false
        // Before the lock: whoever changes a policy does not wait for a directory of users.
        let set = isAll ? readPolicies(known: users) : nil
        let isOver = work.withLock { work in
            guard let set else {
                follow(events, &work)
                return false
            }
            work.set = set
            learn(&work)
            look(at: nil, &work)
            return set.policies.isEmpty && work.subjects.isEmpty
        }
        guard isOver else { return }
        feed.stop(for: .policies)
        // One may have been put while the last ones were let go.
        if !book.policies.isEmpty { policiesChanged() }
    }

    /// Claims of before a restart, and those that were not taken back when they should have been.
    private func learn(_ work: inout Work) {
        for held in keeper.claims() {
            let known = work.subjects[held.process]
            if known == nil || (known?.startTime == held.startTime && known?.claim == nil) {
                work.subjects[held.process] = PolicyTarget(held)
            }
        }
    }

    /// A child that has not become another program is like its parent: only where that one matches can it. A child whose parent has
    /// ended has another one, so that its role may be another: of a daemon that detaches itself (Type=forking) no more is told.
    private func follow(_ events: [ProcessFeed.Event], _ work: inout Work) {
        var changed: Set<ProcessID> = []
        for event in events {
            switch event {
            case .executed(let process): changed.insert(process)
            case .forked(let parent, let child): if work.subjects[parent] != nil { changed.insert(child) }
            case .exited(let process):
                changed.remove(process)
                guard work.subjects[process] != nil else { continue }
                // Its other threads may live on.
                changed.insert(process)
                changed.formUnion(work.subjects.filter { $0.value.parent == process }.keys)
            case .scanned, .lost: continue
            }
        }
        if !changed.isEmpty { look(at: changed, &work) }
    }

    /// - Parameter processes: nil for all of the machine.
    private func look(at processes: Set<ProcessID>?, _ work: inout Work) {
        var contested = 0
        do throws(SourceError) {
            let facts = try ProcessFacts(of: table)
            var ids = processes ?? Set(work.subjects.keys)
            if processes == nil, !work.set.policies.isEmpty { ids.formUnion(try facts.readProcesses()) }
            let found = try match(ids.sorted(), facts, &work)
            noteDenied(facts.deniedPrograms)
            for process in found { if try settle(process, facts, &work) { contested += 1 } }
            if processes == nil { work.again = nil }
            show(work, newlyContested: contested, failure: nil)
        } catch {
            work.again = Nanoseconds(Nanoseconds.monotonic.count + Self.pause.count)
            show(work, newlyContested: contested, failure: error)
        }
    }

    /// Before all are looked at again where a look has failed: what was told meanwhile is lost.
    private static let pause = Nanoseconds(1_000_000_000)

    /// A policy by exe that cannot see a program does not match it, which nobody would find out from that.
    private func noteDenied(_ programs: Int) {
        guard programs > 0, !hasToldOfDenied.exchange(true, ordering: .relaxed) else { return }
        logger.warning(
            """
            policies: the programs of \(programs) processes may not be seen, so that none by exe matches them: that needs \
            CAP_SYS_PTRACE, ignoring
            """)
    }

    /// Compares them with all policies. All are known before any is settled: a role depends on the parent.
    ///
    /// - Returns: those that some policy matches.
    private func match(_ ids: [ProcessID], _ facts: ProcessFacts, _ work: inout Work) throws(SourceError) -> [ProcessID] {
        var subject = facts
        var found: [ProcessID] = []
        for id in ids {
            switch try facts.step(to: id) {
            case .none: work.subjects[id] = nil
            case .hidden: keepUnseen(id, &work)
            case .there:
                let matches = try work.set.matches(of: &subject)
                let known = work.subjects[id].flatMap { $0.startTime == facts.startTime ? $0 : nil }
                work.subjects[id] = known
                guard !matches.isEmpty else {
                    withdraw(id, &work)
                    continue
                }
                let read = known == nil ? try PolicyTarget(facts, matches) : known
                guard try facts.isSameStill(), var target = read else { continue }
                (target.matches, target.parent, target.commandName) = (matches, facts.parent, facts.commandName)
                work.subjects[id] = target
                found.append(id)
            }
        }
        return found
    }

    /// What cannot be told to match no more keeps what it has, for as long as a policy says so.
    private func keepUnseen(_ process: ProcessID, _ work: inout Work) {
        guard var target = work.subjects[process] else { return }
        guard let index = work.set.policies.firstIndex(where: { PolicyClaim(of: $0) == target.claim }) else {
            return withdraw(process, &work)
        }
        target.policy = index
        target.matches = [PolicySet.Match(index: index, isStrong: true)]
        work.subjects[process] = target
    }

    /// Where it is not taken back now, the next look tries again.
    private func withdraw(_ process: ProcessID, _ work: inout Work) {
        guard var target = work.subjects.removeValue(forKey: process), target.claim != nil else { return }
        letGo(process, &target)
        target.matches = []
        if target.claim != nil { work.subjects[process] = target }
    }

    private func letGo(_ process: ProcessID, _ target: inout PolicyTarget) {
        if target.policy == nil, target.isPaused { return }
        target.policy = nil
        target.standing = standing(of: keeper.apply(nil, process, target.startTime), found: target.before)
        if case .refused = target.standing { return }
        target.claim = nil
    }
}

// One process.
extension PolicyEngine {
    /// - Returns: true where it has turned out to be contested now.
    private func settle(
        _ process: ProcessID, _ facts: ProcessFacts, _ work: inout Work
    ) throws(SourceError) -> Bool {
        guard var target = work.subjects[process] else { return false }
        defer { work.subjects[process] = target }
        let choice = work.set.choose(
            target.matches, parent: work.subjects[target.parent]?.matches ?? [], before: target.before)
        guard let winner = choice.winner else {
            if target.claim != nil { letGo(process, &target) }
            guard target.claim == nil else { return false }
            target.policy = choice.refused?.index
            target.standing = choice.refused == nil ? .new : .refused(why: ForeseenPolicy.forgeable, until: .monotonic)
            return false
        }
        let claim = PolicyClaim(of: work.set.policies[winner.index])
        target.policy = winner.index
        guard target.claim == claim else {
            target.claim = claim
            target.standing = standing(of: keeper.apply(claim, process, target.startTime), found: target.before)
            return target.standing.isContested
        }
        return hold(claim, process, &target, found: try facts.readAdjustment(of: process))
    }

    /// Looks after a claim that was made before. It is the keeper who knows how often it was written again.
    private func hold(
        _ claim: PolicyClaim, _ process: ProcessID, _ target: inout PolicyTarget, found: OOMScoreAdjustment?
    ) -> Bool {
        guard let found, !target.isPaused else { return false }
        guard found != claim.adjustment else {
            target.standing = .applied
            return false
        }
        guard !target.standing.isContested else {
            target.standing = .contested(found: found)
            return false
        }
        target.standing = standing(of: keeper.apply(claim, process, target.startTime), found: found)
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
        case .refused(let why): .refused(why: why, until: Nanoseconds(Nanoseconds.monotonic.count + keeper.pause.count))
        }
    }
}

extension PolicyClaim {
    fileprivate init(of policy: ProtectionPolicy) {
        self.init(name: policy.name, adjustment: policy.adjustment, children: policy.children)
    }
}

extension PolicyTarget {
    /// The process that `facts` stands at; nil where its value may not be read.
    fileprivate init?(_ facts: ProcessFacts, _ matches: [PolicySet.Match]) throws(SourceError) {
        guard let before = try facts.readAdjustment(of: facts.process) else { return nil }
        self.init(
            startTime: facts.startTime, parent: facts.parent, commandName: facts.commandName, matches: matches, before: before)
    }
}
