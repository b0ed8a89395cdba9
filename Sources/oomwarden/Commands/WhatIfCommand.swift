import ArgumentParser
import Diagnosis
import Host
import Kernel
import Monitor
import Representation

/// `oomwarden what-if`: what another adjustment would do.
struct WhatIfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if", _superCommandName: "oomwarden",
        abstract: "Tell what another oom_score_adj would do to the order; changes nothing.",
        discussion: """
            Shows the order before and after, and who would go one after the other with the memory each would return: a range,
            since pages that others have as well come back only with their last user.

              oomwarden what-if --pid 4711 --adj -500
            """)

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var forecast: ForecastOptions

    @Option(
        name: .customLong("pid"), parsing: .singleValue,
        help: ArgumentHelp("The process; repeatable, with one --adj for each.", valueName: "pid"))
    var processes: [Int32] = []

    @Option(
        name: .customLong("adj"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Its oom_score_adj, from -1000 (exempt) to 1000.", valueName: "adj"))
    var adjustments: [Int] = []

    @Option(name: .customLong("kills"), help: "How many kills to foresee, from 0 to 20.")
    var kills = 3

    func validate() throws {
        guard processes.count == adjustments.count else {
            throw ValidationError("expected one --adj for each --pid, found \(adjustments.count) for \(processes.count)")
        }
        guard Set(processes).count == processes.count else { throw ValidationError("expected each --pid once") }
        for value in adjustments where OOMScoreAdjustment(value) == nil {
            throw ValidationError("--adj \(value): expected a number from -1000 to 1000")
        }
        guard (0...20).contains(kills) else { throw ValidationError("--kills \(kills): expected a number from 0 to 20") }
    }

    func run() throws {
        let root = reading.root ?? ""
        let snapshot = ProcFS(root: root).readSnapshot()
        let found = try foreseen { () throws(ForecastError) in
            try Forecaster(root: root).readWhatIf(trial, in: forecast.place, limit: 10, snapshot)
        }
        let document = WhatIfDocument(takenAt: snapshot.takenAt, whatIf: found, pageSize: snapshot.pageSize)
        try reading.show(json: document.json, table: { document.table })
    }

    private var trial: WhatIf.Trial {
        var changes: [ProcessID: OOMScoreAdjustment] = [:]
        for (process, value) in zip(processes, adjustments) { changes[ProcessID(process)] = OOMScoreAdjustment(value) }
        return WhatIf.Trial(adjustments: changes, kills: kills)
    }
}
