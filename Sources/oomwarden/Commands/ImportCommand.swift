import ArgumentParser
import Host
import Kernel
import Monitor
import Representation
import Store

/// `oomwarden import`: what older logs tell goes into the history.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", _superCommandName: "oomwarden",
        abstract: "Add what older logs tell to the history. Reading a log twice adds nothing; no counter moves.",
        discussion: """
            Takes what oomwarden analyze takes, compressed or not; - is standard input. The daemon may be running.

              oomwarden import /var/log/messages*
              journalctl -k -o json | oomwarden import -

            Exit status: 0 all was read, 2 something could not be.
            """)

    @Argument(help: ArgumentHelp("Logs; - is standard input.", valueName: "file"))
    var files: [String]

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where the history is kept.", valueName: "dir"))
    var stateDirectory: String?

    func run() throws {
        let directory = try StateDirectory.path(stateDirectory)
        do { try FileSystem.makeDirectory(directory) } catch {
            throw Failure("the state directory cannot be made: \(error); use --state-dir DIR")
        }
        let (store, remarks) = StoreFile.open(in: directory, now: .now)
        for remark in remarks { say("\(remark)") }
        var hasFailed = false
        for file in files where !read(file, into: store) { hasFailed = true }
        store.close()
        if hasFailed { throw ExitCode(2) }
    }

    private func read(_ path: String, into store: EventStore) -> Bool {
        do {
            var progress = AnalysisProgress()
            var log = try LogImport(of: path, into: store, now: .now)
            progress.begin(size: log.size)
            while try log.step() { progress.note(position: log.position, reports: log.outcome.reports) }
            progress.erase()
            let outcome = log.outcome
            let completed = outcome.completed > 0 ? " (\(outcome.completed) of them had less of their report)" : ""
            let text = "\(path.printable): \(outcome.reports) reports, \(outcome.added) new, \(outcome.known) known\(completed)\n"
            return StandardStream.output.write(Array(text.utf8))
        } catch let error as LogFileError {
            say("\(error)")
        } catch let error as ImportError {
            switch error {
            case .log(let failure): say("\(failure)")
            case .store(let failure): say("\(failure)")
            }
        } catch { say("\(error)") }
        return false
    }
}
