import ArgumentParser
import Diagnosis
import Host
import Kernel
import Monitor
import Representation

/// `oomwarden victims`: whom the kernel would kill now.
struct VictimsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "victims", _superCommandName: "oomwarden",
        abstract: "Show whom the kernel would kill now, in its own order.",
        discussion: """
            Badness as this kernel computes it, and what decides otherwise: vm.panic_on_oom, vm.oom_kill_allocating_task,
            systemd-oomd or earlyoom running, a second one that is too close. Who dies together is told exactly where other
            processes may be traced (as root).

              oomwarden victims
              oomwarden victims --cgroup /system.slice/postgresql.service
            """)

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var forecast: ForecastOptions

    @Option(name: .customLong("limit"), help: "How many to show, from 1 to 100.")
    var limit = 10

    func validate() throws {
        guard (1...100).contains(limit) else { throw ValidationError("--limit \(limit): expected a number from 1 to 100") }
    }

    func run() throws {
        let root = reading.root ?? ""
        let snapshot = ProcFS(root: root).readSnapshot()
        let found = try foreseen { () throws(ForecastError) in
            try Forecaster(root: root).readForecast(for: forecast.place, limit: limit, snapshot)
        }
        let document = VictimsDocument(takenAt: snapshot.takenAt, forecast: found, pageSize: snapshot.pageSize)
        try reading.show(json: document.json, table: { document.table })
    }
}
