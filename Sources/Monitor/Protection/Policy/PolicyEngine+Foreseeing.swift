public import Diagnosis
import Host
public import Kernel
import Synchronization

extension PolicyEngine {
    /// Whom `policy` would touch if it were put now, by pid, and why not whom it matches beside them. It changes nothing.
    public func foresee(_ policy: ProtectionPolicy) throws(SourceError) -> [ForeseenPolicy] {
        let policies = book.policies.filter { $0.name != policy.name } + [policy]
        let users = UserNames.read(PolicySet.userNames(in: policies), known: work.withLock { $0.set.users })
        if let failure = users.failure { throw failure }
        let set = PolicySet(policies, users: users.numbers)
        guard let own = set.policies.firstIndex(of: policy) else { return [] }
        let found = try readMatched(by: set, own: own)
        return found.sorted { $0.key < $1.key }.compactMap { id, process in
            process.foreseen(as: id, under: own, parent: found[process.parent]?.matches ?? [], set)
        }
    }

    private func readMatched(by set: PolicySet, own: Int) throws(SourceError) -> [ProcessID: Foreseen] {
        let claimed = work.withLock { $0.subjects.filter { $0.value.claim != nil } }
        let facts = try ProcessFacts(of: table)
        var subject = facts
        var found: [ProcessID: Foreseen] = [:]
        for id in try facts.readProcesses() where try facts.step(to: id) == .there {
            let matches = try set.matches(of: &subject)
            guard !matches.isEmpty, let now = try facts.readAdjustment(of: id) else { continue }
            let unit = matches.contains { $0.index == own } ? try facts.readPlace()?.unit : nil
            let before = claimed[id].flatMap { $0.startTime == facts.startTime ? $0.before : nil }
            found[id] = Foreseen(
                parent: facts.parent, commandName: facts.commandName, unit: unit.map { String(decoding: $0, as: UTF8.self) },
                matches: matches, before: before ?? now, now: now)
        }
        return found
    }
}

/// A process that some policy matches, looked at but not touched.
private struct Foreseen {
    let parent: ProcessID
    let commandName: CommandName
    let unit: String?
    let matches: [PolicySet.Match]
    /// Without any claim of a policy.
    let before: OOMScoreAdjustment
    let now: OOMScoreAdjustment

    /// Nil for one that the policy does not match, or not in its role.
    func foreseen(
        as process: ProcessID, under own: Int, parent: [PolicySet.Match], _ set: PolicySet
    ) -> ForeseenPolicy? {
        let policy = set.policies[own]
        let isInRole = policy.match.role == .any || !parent.contains { $0.index == own }
        guard matches.contains(where: { $0.index == own }), isInRole else { return nil }
        let choice = set.choose(matches, parent: parent, before: before)
        var whyNot: String?
        if let winner = choice.winner, winner.index < own {
            whyNot = "policy \(set.policies[winner.index].name) goes before it"
        } else if choice.winner?.index != own {
            whyNot = ForeseenPolicy.forgeable
        }
        return ForeseenPolicy(
            process: process, commandName: commandName, unit: unit,
            adjustments: (now, whyNot == nil ? policy.adjustment : now), whyNot: whyNot)
    }
}
