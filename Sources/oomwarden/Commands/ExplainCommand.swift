import API
import ArgumentParser
import Host
import Kernel
import Representation
import Store

/// `oomwarden explain`: exit 137, was it the OOM killer?
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", _superCommandName: "oomwarden",
        abstract: "Tell whether the OOM killer ended a process, a container or a unit at some time, with the proof.",
        discussion: """
            Asks the history that oomwarden serve keeps; the daemon may be running.

              oomwarden explain --container 0123456789ab --at 2026-11-23T18:56:05Z
              oomwarden explain --comm postgres --at 10m

            Exit status: 0 it was killed, 1 it was not, 3 it cannot be known, 2 the history could not be read.
            """)

    @Option(help: "The process number.") var pid: Int32?
    @Option(help: "The container's id, or the beginning of it.") var container: String?
    @Option(help: "The systemd unit.") var unit: String?
    @Option(help: "The name of the process.") var comm: String?

    @Option(help: ArgumentHelp("When it ended: 2026-11-23T18:56:05Z, or a span back from now such as 10m.", valueName: "time"))
    var at: String

    @Option(
        help: ArgumentHelp("How far off the time may be (default: 120s).", valueName: "duration"), transform: RetentionSpan.parsed
    )
    var within = KillQuestion.standardTolerance

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where the history is kept.", valueName: "dir"))
    var stateDirectory: String?

    @Flag(help: "Print JSON, for programs.") var json = false

    func validate() throws {
        let given = [pid.map { "\($0)" }, container, unit, comm].compactMap { $0 }
        guard given.count == 1 else { throw ValidationError("name one of --pid, --container, --unit and --comm") }
        _ = try EventFilterOptions.time(at, "--at")
    }

    func run() throws {
        let question = KillQuestion(subject, at: try EventFilterOptions.time(at, "--at"), within: within)
        let store = try StateDirectory.store(stateDirectory)
        let verdict: KillVerdict
        do throws(StoreError) { verdict = try store.explain(question, now: .now) } catch { throw Failure("\(error)") }
        let document = VerdictDocument(verdict)
        StandardStream.output.write(json ? document.json(pretty: true) : Array(document.text.utf8))
        switch verdict.answer {
        case .killed: return
        case .notKilled: throw ExitCode(1)
        case .unknown: throw ExitCode(3)
        }
    }

    private var subject: KillQuestion.Subject {
        if let pid { return .processID(ProcessID(pid)) }
        if let container { return .container(container) }
        if let unit { return .unit(unit) }
        return .comm(CommandName((comm ?? "").utf8))
    }
}
