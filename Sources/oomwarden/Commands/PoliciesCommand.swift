import ArgumentParser
import Diagnosis
import Host
import Kernel
import Logging
import Monitor
import Representation

/// `oomwarden policies`: the rules that outlive processes.
struct PoliciesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies", _superCommandName: "oomwarden",
        abstract: "Show policies and whom they match now, or check a policy file.",
        discussion: """
            A policy says which oom_score_adj processes shall have that look like this. Lowering needs a match that an ordinary
            user cannot forge: unit or cgroup, or uid together with exe. The daemon applies them; these commands change nothing.

              policies:
                - name: database
                  match: {unit: "postgresql*.service", role: main}
                  oom_score_adj: -800
                  children: reset          # or inherit
                  priority: 10

            A match may have unit, cgroup, uid, exe, comm, role: all that is given must hold.

              oomwarden policies check /etc/oomwarden/policies.yaml
              oomwarden policies --policy.file /etc/oomwarden/policies.yaml
            """,
        subcommands: [PoliciesListCommand.self, PoliciesCheckCommand.self], defaultSubcommand: PoliciesListCommand.self)
}

/// `oomwarden policies list`: read from the same files as the daemon reads, compared with the processes of now.
struct PoliciesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the policies of the state directory and of a file, and whom they match now.")

    @Option(
        name: .customLong("state-dir"), help: ArgumentHelp("The daemon's; its default is this one's.", valueName: "dir"))
    var stateDirectory: String?

    @Option(name: .customLong("policy.file"), help: ArgumentHelp("The daemon's policy file.", valueName: "file"))
    var policyFile: String?

    @Flag(name: .customLong("json"), help: "Print JSON, as the daemon answers it, instead of a table.")
    var json = false

    func run() throws {
        let directory = try StateDirectory.path(stateDirectory)
        let book: PolicyBook
        do { book = try PolicyBook(stateDirectory: directory, file: policyFile) } catch { throw Failure("\(error.sentence)") }
        let silent = Logger(label: "oomwarden") { _ in SwiftLogNoOpLogHandler() }
        let engine = PolicyEngine(
            book: book, feed: ProcessFeed(logger: silent), table: ProcessTable(), logger: silent,
            keeper: PolicyEngine.Keeper { _, _, _ in .refused(why: "it only looks") })
        let reports = try book.policies.map { policy in
            var report = PolicyReport(policy)
            for process in try shown(Result { () throws(SourceError) in try engine.foresee(policy) }) { report.add(process) }
            return report
        }
        let state = policyFile.map { PolicyFileState(path: $0, failure: nil) }
        let document = PoliciesDocument(reports, watching: .off, file: state)
        guard StandardStream.output.write(json ? document.json(pretty: true) : Array(document.table.utf8)) else {
            throw Failure("standard output did not take all of it: is the disk full?")
        }
    }
}

extension PolicyReport {
    fileprivate mutating func add(_ process: ForeseenPolicy) {
        if let why = process.whyNot {
            refused.append(Refused(process: process.process, commandName: process.commandName, why: why))
        } else {
            matched += 1
            if process.before == policy.adjustment { applied += 1 }
        }
    }
}

/// `oomwarden policies check`: exit code 1 with line and reason for a file that the daemon would refuse.
struct PoliciesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether a policy file is right; exit code 1 and the line where it is not.")

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        let policies: [ProtectionPolicy]
        do { policies = try PolicyFile.read(file) } catch { throw Failure(error.isText ? error.sentence : "\(error)") }
        var lines = "\(file): \(policies.count) \(policies.count == 1 ? "policy" : "policies")\n"
        let names = PolicySet.userNames(in: policies)
        let users = UserNames.read(names)
        if let failure = users.failure { throw Failure("\(failure): it cannot be told whether all users are there") }
        let unknown = names.subtracting(users.numbers.keys).sorted()
        if !unknown.isEmpty { lines += "no such user here, so that nobody matches: \(unknown.joined(separator: ", "))\n" }
        _ = StandardStream.output.write(Array(lines.utf8))
    }
}

extension SourceError {
    fileprivate var isText: Bool { if case .malformed = self { true } else { false } }
}
