import Kernel

/// Something beside the order that decides who dies, or may decide.
public struct ForecastDoubt: Hashable, Sendable {
    public let id: ID
    /// One sentence.
    public let claim: String

    public enum ID: String, CaseIterable, Hashable, Sendable {
        /// The asker dies, whoever is first in the order.
        case allocatingTask = "oom_kill_allocating_task"
        /// The machine stops instead.
        case panicOnOOM = "panic_on_oom"
        case settingsUnknown = "settings_unknown"
        case kernelUnknown = "kernel_unknown"
        case userspaceKiller = "userspace_killer"
        /// memory.oom_control: nobody dies, all wait.
        case killDisabled = "oom_kill_disabled"
        /// The first two are nearer than the counters are exact.
        case tooClose = "too_close"
        /// A little growth turns the order round.
        case closeRace = "close_race"
        /// One is dying already, and the kernel waits for it.
        case killInProgress = "kill_in_progress"
        case policiesUnknown = "memory_policies_unknown"
        case otherNodes = "bound_to_nodes"
        case nearerLimit = "nearer_limit"
        case unlimited = "no_limit"
        case noVictim = "no_victim"
        case unreadable = "unreadable_processes"
        /// The kernel compares processes that are not seen here.
        case otherPIDNamespace = "other_pid_namespace"
    }

    init(_ id: ID, _ claim: String) {
        self.id = id
        self.claim = claim
    }
}

/// All doubts of a forecast.
struct ForecastDoubts {
    private(set) var all: [ForecastDoubt] = []
    private let question: VictimForecast.Question
    private let victims: [VictimForecast.Victim]

    /// - Parameters:
    ///   - policies: those before the first victim, or it, whose memory policy is not known and decides.
    ///   - dying: those that are being killed already.
    init(
        _ question: VictimForecast.Question, victims: [VictimForecast.Victim], policies: [ProcessStatus],
        dying: [ProcessStatus]
    ) {
        self.question = question
        self.victims = victims
        addSettings()
        addDomain()
        addDying(dying)
        addPolicies(policies)
        addRace()
    }

    /// Of what is computed here; settings and other killers are facts of their own.
    var isCertain: Bool {
        let open: Set<ForecastDoubt.ID> = [.tooClose, .policiesUnknown, .kernelUnknown, .unreadable, .otherPIDNamespace]
        return !all.contains { open.contains($0.id) }
    }

    private mutating func add(_ id: ForecastDoubt.ID, _ claim: String) { all.append(ForecastDoubt(id, claim)) }

    private mutating func addSettings() {
        let settings = question.settings
        if let panic = settings.panicOnOOM {
            if panic == 2 || (panic != 0 && question.domain.kind == .global) {
                add(.panicOnOOM, "vm.panic_on_oom is \(panic): the kernel panics and kills nobody")
            }
        } else {
            add(.settingsUnknown, "vm.panic_on_oom is not known: with it the kernel panics instead")
        }
        if !question.domain.isMemcg { addAllocatingTask(settings.killsAllocatingTask) }
        if !settings.knowsKernel {
            add(.kernelUnknown, "the kernel's version is not told here: computed as Linux 5.9 and later do")
        }
        for killer in settings.userspaceKillers {
            add(
                .userspaceKiller,
                "\(killer.words) is running: it may end processes before the kernel does, by an order of its own")
        }
        if !settings.seesAll {
            add(
                .otherPIDNamespace,
                "the daemon is in a pid namespace of its own and sees only the processes within it: others may stand first")
        }
        if settings.unreadable > 0 {
            add(.unreadable, "\(settings.unreadable) processes could not be read: one of them may stand first")
        }
    }

    /// Not for a cgroup. Kernel: `out_of_memory()`.
    private mutating func addAllocatingTask(_ value: Int?) {
        switch value {
        case nil: add(.settingsUnknown, "vm.oom_kill_allocating_task is not known: with it the process that asks dies")
        case 0?: break
        case let value?:
            add(
                .allocatingTask,
                "vm.oom_kill_allocating_task is \(value): the process that asks for memory dies, unless it is exempt")
        }
    }

    private mutating func addDomain() {
        if let group = question.settings.unlimitedGroup {
            add(.unlimited, "\(group.text) and the groups around it have no limit: only the machine's own memory can run out")
        }
        guard case .memcg(let limited) = question.domain.kind else { return }
        if limited.group.waitsInstead == true {
            add(.killDisabled, "memory.oom_control of \(limited.group.path.text) has oom_kill_disable 1: its processes wait")
        }
        if let nearer = limited.nearer, let headroom = nearer.headroom {
            add(
                .nearerLimit,
                "\(nearer.file) of \(nearer.cgroup.text) is nearer, \(max(headroom, .zero).words) away: then all below that "
                    + "group are compared")
        }
    }

    /// Kernel: `oom_evaluate_task()` looks no further when it meets one that it has chosen before.
    private mutating func addDying(_ dying: [ProcessStatus]) {
        guard let first = dying.first else { return }
        add(
            .killInProgress,
            "\(first.words) is being killed already: if the kernel chose it, nobody else dies before it has ended or its memory "
                + "is taken")
    }

    private mutating func addPolicies(_ unknown: [ProcessStatus]) {
        if !unknown.isEmpty {
            let names = unknown.prefix(3).map(\.words).joined(separator: ", ")
            add(
                .policiesUnknown,
                "the memory policy of \(names) is not known: bound to other nodes (MPOL_BIND) it is passed over, and the next "
                    + "in the order dies")
        }
        guard question.domain.kind == .global, let all = question.settings.nodesWithMemory, let first = victims.first,
            let allowed = first.details.status.allowedNodes, !allowed.isSuperset(of: all)
        else { return }
        add(
            .otherNodes,
            "the cpuset of \(first.reading.status.words) has only node \(allowed): asked for by a process of other nodes, "
                + "the kernel passes it over")
    }

    private mutating func addRace() {
        guard let first = victims.first else { return addNoVictim() }
        let dying = Set(first.killScope)
        guard let rival = victims.dropFirst().first(where: { !dying.contains($0.process) }) else { return }
        let margin = first.terms.badness.pages - rival.terms.badness.pages
        let amount = Bytes(margin, of: question.formula.pageSize).words
        if margin < question.counterError {
            add(
                .tooClose,
                "\(rival.reading.status.words) is only \(amount) behind \(first.reading.status.words): the kernel's counters may "
                    + "be as far from what is shown")
        } else if margin.count < question.domain.totalPages.count / 100 {
            add(
                .closeRace,
                "\(rival.reading.status.words) is \(amount) behind \(first.reading.status.words): if it grows by as much, it "
                    + "dies instead")
        }
    }

    /// Kernel: `out_of_memory()`: "System is deadlocked on memory"; within a cgroup the charge fails.
    private mutating func addNoVictim() {
        guard !question.processes.isEmpty, question.settings.seesAll else { return }
        let isMachine = !question.domain.isMemcg
        add(
            .noVictim,
            "no process may be killed: "
                + (isMachine ? "the kernel panics" : "the kernel tries in vain, and what asks for memory fails or hangs"))
    }
}

extension ProcessStatus {
    /// `mysqld (103)`
    var words: String { "\(commandName.text) (\(process))" }
}
