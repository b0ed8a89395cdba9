public import Kernel

/// Whom the kernel would kill if memory ran out now, in its own order.
///
/// Kernel: mm/oom_kill.c, `select_bad_process()`: it goes through all processes and keeps the worst.
public struct VictimForecast: Sendable {
    public let domain: OOMDomain
    /// The first die first.
    public let victims: [Victim]
    /// The largest first.
    public let excluded: [ExcludedProcess]
    /// How many may be chosen at all.
    public let candidates: Int
    /// Nearer to each other than this, two cannot be told apart.
    public let counterError: Pages
    /// False where the first and the next that does not die with it are too near, or something is not known that decides.
    public let isCertain: Bool
    /// What decides otherwise, or may.
    public let doubts: [ForecastDoubt]

    public struct Victim: Hashable, Sendable {
        public let reading: ProcessReading
        public let terms: BadnessTerms
        /// To the next in the order; nil for the last that there is.
        public let margin: Pages?
        public let details: VictimDetails
        /// All that die when it is chosen, itself first.
        public let killScope: [ProcessID]

        public var process: ProcessID { reading.status.process }
    }

    /// The processes of a domain, and what a forecast needs to know beside them.
    public struct Question: Sendable {
        public let domain: OOMDomain
        public let formula: BadnessFormula
        public let processes: [ProcessReading]
        /// How many victims are asked for.
        public var limit = 10
        public var counterError = Pages.zero
        public var settings = KillSettings()

        public init(domain: OOMDomain, formula: BadnessFormula, processes: [ProcessReading]) {
            self.domain = domain
            self.formula = formula
            self.processes = processes
        }
    }

    /// - Parameter details: reads what there is to know of a process; nil for one that has ended. Asked in the order of badness,
    ///   and no more often than victims are wanted.
    public init(_ question: Question, details: (ProcessReading) -> VictimDetails?) {
        var selection = Selection(question)
        selection.run(details)
        domain = question.domain
        victims = selection.victims
        excluded = selection.excluded
        candidates = selection.candidates
        counterError = question.counterError
        let dying = excluded.filter { $0.reason == .beingKilled }.map(\.status)
        let doubts = ForecastDoubts(question, victims: victims, policies: selection.unknownPolicies, dying: dying)
        isCertain = doubts.isCertain
        self.doubts = doubts.all
    }

    private init(_ other: VictimForecast, excluded: [ExcludedProcess]) {
        domain = other.domain
        victims = other.victims
        self.excluded = excluded
        candidates = other.candidates
        counterError = other.counterError
        isCertain = other.isCertain
        doubts = other.doubts
    }

    /// The same with what is known better of those that are not chosen.
    public func replacingExcluded(_ better: (ExcludedProcess) -> ExcludedProcess) -> VictimForecast {
        VictimForecast(self, excluded: excluded.map(better))
    }
}

/// One walk down the order.
private struct Selection {
    let question: VictimForecast.Question
    var victims: [VictimForecast.Victim] = []
    var excluded: [ExcludedProcess] = []
    /// Those before the first victim, or it, of which it is not known whether another node's shortage spares them.
    var unknownPolicies: [ProcessStatus] = []
    private let ranked: [ProcessOrder.Ranked]
    private let parents: [ProcessID: ProcessStatus]
    private let exempt: Set<ProcessID>
    private var passedOver = 0

    init(_ question: VictimForecast.Question) {
        self.question = question
        let all = question.processes
        parents = Dictionary(all.map { ($0.status.process, $0.status) }, uniquingKeysWith: { first, _ in first })
        exempt = Set(all.filter { $0.adjustment == .exempt }.map(\.status.process))
        let open = all.filter { Exclusion(of: $0) == nil }
        ranked = ProcessOrder.badness.first(open.count, of: open, formula: question.formula)
        excluded = all.compactMap { reading in
            Exclusion(of: reading).map { ExcludedProcess(status: reading.status, reason: $0) }
        }
    }

    var candidates: Int { ranked.count - passedOver }

    mutating func run(_ details: (ProcessReading) -> VictimDetails?) {
        var found: [(ProcessReading, BadnessTerms, VictimDetails)] = []
        // One more than is asked for: the last needs a next one.
        for process in ranked where found.count <= question.limit {
            guard let known = details(process.reading),
                let terms = question.formula.terms(of: process.reading.status, adjustment: process.reading.adjustment)
            else {
                passedOver += 1
                continue
            }
            if let reason = exclusion(of: process, known) {
                passedOver += 1
                excluded.append(ExcludedProcess(status: process.reading.status, reason: reason))
                continue
            }
            if nodes != nil, known.policy == .unknown, found.isEmpty { unknownPolicies.append(process.reading.status) }
            found.append((process.reading, terms, known))
        }
        excluded.sort { ($0.size, $1.status.process) > ($1.size, $0.status.process) }
        victims = found.indices.prefix(max(question.limit, 0)).map { victim(at: $0, of: found) }
    }

    private var nodes: NodeSet? { if case .nodes(let nodes) = question.domain.kind { nodes } else { nil } }

    private func exclusion(of process: ProcessOrder.Ranked, _ details: VictimDetails) -> Exclusion? {
        // The score is that of the whole machine, and was read of the adjustment that the process has.
        let expected = details.score == 0 ? question.settings.machineFormula.map { $0.oomScore(of: process.reading) } : nil
        return Exclusion(
            of: process.reading, details, parent: parents[process.reading.status.parent], expected: expected ?? 0, nodes: nodes)
    }

    private func victim(
        at index: Int, of found: [(reading: ProcessReading, terms: BadnessTerms, details: VictimDetails)]
    ) -> VictimForecast.Victim {
        let (reading, terms, details) = found[index]
        let next = index + 1 < found.count ? found[index + 1].terms.badness.pages : nil
        return VictimForecast.Victim(
            reading: reading, terms: terms, margin: next.map { terms.badness.pages - $0 }, details: details,
            killScope: scope(of: reading.status.process, details))
    }

    /// Those that share its memory die whatever their adjustment, members of its group unless they are exempt; the first process
    /// of all never. Kernel: `__oom_kill_process()`, `oom_kill_memcg_member()`.
    private func scope(of process: ProcessID, _ details: VictimDetails) -> [ProcessID] {
        let members = details.groupMembers.filter { !exempt.contains($0) }
        let others = Set(details.sharing + members).subtracting([process, ProcessID(1)])
        return [process] + others.sorted()
    }
}

extension ExcludedProcess {
    fileprivate var size: Int { status.memory.map { ($0.resident + ($0.swapped ?? .zero)).count } ?? -1 }
}

extension BadnessFormula {
    fileprivate func oomScore(of reading: ProcessReading) -> Int {
        oomScore(of: badness(of: reading.status, adjustment: reading.adjustment))
    }
}
