import Diagnosis
import Kernel

/// Processes of the test's own on a machine of 100,000 pages without swap, Linux 6.1: an adjustment of 1 is 100 pages.
struct ForecastScene {
    var processes: [ProcessReading] = []
    var details: [ProcessID: VictimDetails] = [:]
    var settings = KillSettings()
    var domain = OOMDomain(kind: .global, totalPages: Pages(100_000))
    var kernel = KernelVersion(6, 1)
    var counterError = Pages(256)
    var limit = 10

    init() {
        settings.panicOnOOM = 0
        settings.killsAllocatingTask = 0
        settings.machineFormula = formula(Pages(100_000))
    }

    mutating func add(
        _ pid: Int32, _ name: String = "x", pages: Int?, adjustment: Int = 0, parent: Int32 = 1, state: String = "S"
    ) throws {
        let memory = pages.map { "VmRSS:\t\($0 * 4) kB\nVmPTE:\t0 kB\nVmSwap:\t0 kB\n" } ?? ""
        let text =
            "Name:\t\(name)\nState:\t\(state)\nTgid:\t\(pid)\nPid:\t\(pid)\nPPid:\t\(parent)\nUid:\t0\n\(memory)Threads:\t1\n"
            + "CapEff:\t0\n"
        let status = try ProcessStatus(parsing: Array(text.utf8))
        processes.append(ProcessReading(status: status, adjustment: OOMScoreAdjustment(adjustment) ?? .neutral))
        details[ProcessID(pid)] = VictimDetails()
    }

    mutating func change(_ pid: Int32, _ body: (inout VictimDetails) -> Void) {
        var changed = details[ProcessID(pid)] ?? VictimDetails()
        body(&changed)
        details[ProcessID(pid)] = changed
    }

    var forecast: VictimForecast { VictimForecast(question) { details[$0.status.process] } }

    var question: VictimForecast.Question {
        var question = VictimForecast.Question(
            domain: domain, formula: formula(domain.totalPages) ?? Self.fallback, processes: processes)
        question.limit = limit
        question.counterError = counterError
        question.settings = settings
        return question
    }

    func whatIf(_ changes: [Int32: Int], kills: Int = 3, returns: Bytes = .zero) -> WhatIf {
        let adjustments = changes.map { (ProcessID($0.key), OOMScoreAdjustment($0.value) ?? .neutral) }
        let trial = WhatIf.Trial(adjustments: Dictionary(uniqueKeysWithValues: adjustments), kills: kills)
        return WhatIf(question, trying: trial, details: { details[$0.status.process] }) { _ in
            KillReturn(least: returns, most: returns, swap: .zero, basis: .rollup)
        }
    }

    private func formula(_ total: Pages) -> BadnessFormula? {
        BadnessFormula(total: total, pageSize: .fourKiB, kernel: kernel)
    }

    private static let fallback: BadnessFormula = {
        guard let formula = BadnessFormula(total: Pages(1), pageSize: .fourKiB, kernel: KernelVersion(6, 1)) else {
            preconditionFailure("6.1 has a formula")
        }
        return formula
    }()
}

extension VictimForecast {
    var pids: [Int32] { victims.map(\.process.rawValue) }
    var doubtIDs: Set<ForecastDoubt.ID> { Set(doubts.map(\.id)) }

    func reason(of pid: Int32) -> Exclusion? { excluded.first { $0.status.process == ProcessID(pid) }?.reason }
}
