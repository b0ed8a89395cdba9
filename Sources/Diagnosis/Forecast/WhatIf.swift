public import Kernel

/// What changes of adjustments would do to the order, and who would go one after the other.
public struct WhatIf: Sendable {
    public let before: VictimForecast
    public let after: VictimForecast
    public let changes: [Change]
    public let kills: [Kill]

    public struct Change: Hashable, Sendable {
        public let process: ProcessStatus
        public let before: OOMScoreAdjustment
        public let after: OOMScoreAdjustment
        /// Since 4.8 the kernel gives the value to all that share the memory.
        public let alsoChanged: [ProcessID]
    }

    public struct Kill: Hashable, Sendable {
        public let victim: VictimForecast.Victim
        public let returns: KillReturn
    }

    /// What is asked to be tried.
    public struct Trial: Sendable {
        public let adjustments: [ProcessID: OOMScoreAdjustment]
        /// How many kills, one after the other.
        public let kills: Int

        public init(adjustments: [ProcessID: OOMScoreAdjustment], kills: Int) {
            self.adjustments = adjustments
            self.kills = kills
        }
    }

    /// - Parameter returns: what the death of all of a victim's kill scope gives back.
    public init(
        _ question: VictimForecast.Question, trying trial: Trial, details: (ProcessReading) -> VictimDetails?,
        returns: (VictimForecast.Victim) -> KillReturn
    ) {
        before = VictimForecast(question, details: details)
        changes = Self.changes(trial, question, details)
        let changed = question.adjusted(by: changes)
        // The score that was read belongs to the old adjustment: it says nothing about the new one.
        let detailsAfter = { (reading: ProcessReading) -> VictimDetails? in
            var known = details(reading)
            if changed.adjusted.contains(reading.status.process) { known?.score = nil }
            return known
        }
        after = VictimForecast(changed.question, details: detailsAfter)
        kills = Self.kills(trial.kills, changed.question, detailsAfter, returns)
    }

    private static func changes(
        _ trial: Trial, _ question: VictimForecast.Question, _ details: (ProcessReading) -> VictimDetails?
    ) -> [Change] {
        let sharesValue = question.formula.kernel >= KernelVersion(4, 8)
        return question.processes.compactMap { reading in
            guard let wanted = trial.adjustments[reading.status.process] else { return nil }
            let sharing = sharesValue ? details(reading)?.sharing ?? [] : []
            return Change(process: reading.status, before: reading.adjustment, after: wanted, alsoChanged: sharing.sorted())
        }
    }

    private static func kills(
        _ count: Int, _ question: VictimForecast.Question, _ details: (ProcessReading) -> VictimDetails?,
        _ returns: (VictimForecast.Victim) -> KillReturn
    ) -> [Kill] {
        var question = question
        question.limit = 1
        var kills: [Kill] = []
        for _ in 0..<max(count, 0) {
            guard let victim = VictimForecast(question, details: details).victims.first else { break }
            kills.append(Kill(victim: victim, returns: returns(victim)))
            question = question.without(Set(victim.killScope))
        }
        return kills
    }
}

extension VictimForecast.Question {
    fileprivate func adjusted(by changes: [WhatIf.Change]) -> (question: Self, adjusted: Set<ProcessID>) {
        var values: [ProcessID: OOMScoreAdjustment] = [:]
        for change in changes {
            for process in change.alsoChanged { values[process] = change.after }
        }
        for change in changes { values[change.process.process] = change.after }
        let processes = processes.map { reading in
            ProcessReading(status: reading.status, adjustment: values[reading.status.process] ?? reading.adjustment)
        }
        return (replacing(processes), Set(values.keys))
    }

    fileprivate func without(_ dead: Set<ProcessID>) -> Self {
        replacing(processes.filter { !dead.contains($0.status.process) })
    }

    private func replacing(_ processes: [ProcessReading]) -> Self {
        var question = Self(domain: domain, formula: formula, processes: processes)
        question.limit = limit
        question.counterError = counterError
        question.settings = settings
        return question
    }
}
