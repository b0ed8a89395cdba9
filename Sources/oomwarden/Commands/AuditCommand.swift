import API
import ArgumentParser
import Host
import Kernel
import Representation
import Store

/// `oomwarden audit`: who has changed what, from the file; the daemon may be running.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", _superCommandName: "oomwarden",
        abstract: "Show who has changed what, and who was refused; the newest last.",
        discussion: """
            The same entries are in the journal: journalctl SYSLOG_IDENTIFIER=oomwarden OOMWARDEN_PID=4711

              oomwarden audit --since 7d
              oomwarden audit --pid 4711 --result refused --json
            """)

    @Option(help: ArgumentHelp("From this time on: 2026-11-23T18:56:05Z, or a span back from now.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Before this time.", valueName: "time"))
    var until: String?

    @Option(help: "Only what was done to this process.")
    var pid: Int32?

    @Option(help: ArgumentHelp("Only what this token's name, or 'uid 1000', has done.", valueName: "name"))
    var who: String?

    @Option(
        help: ArgumentHelp("intended, done, refused, failed, left_alone or recovered.", valueName: "result"),
        transform: Self.result)
    var result: AuditEntry.Result?

    @Option(help: "How many to show, from 1 to 1000: the last ones.")
    var limit = 100

    @Flag(name: .customLong("json"), help: "Print JSON, as GET /audit answers it, instead of a table.") var json = false

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where the daemon keeps its state.", valueName: "dir"))
    var stateDirectory: String?

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit \(limit): expected a number from 1 to 1000") }
        _ = try query()
    }

    func run() throws {
        let path = try StateDirectory.path(stateDirectory) + "/" + ProtectionStore.fileName
        let asked = try query()
        let entries: [AuditEntry]
        do throws(StoreError) { entries = try ProtectionStore(reading: path).entries(asked) } catch {
            throw Failure("the audit cannot be read: \(error); start oomwarden serve, or use --state-dir DIR")
        }
        let document = AuditDocument(entries: entries.map { AuditDocument.Entry($0) }, notKept: nil)
        _ = StandardStream.output.write(json ? document.json(pretty: true) : Array(document.table.utf8))
    }

    private func query() throws -> AuditQuery {
        var query = AuditQuery()
        query.since = try since.map { try EventFilterOptions.time($0, "--since") }
        query.until = try until.map { try EventFilterOptions.time($0, "--until") }
        query.process = pid.map { ProcessID($0) }
        query.who = who
        query.result = result
        query.limit = limit
        return query
    }

    private static func result(_ text: String) throws -> AuditEntry.Result {
        guard let result = AuditEntry.Result(rawValue: text) else {
            let known = AuditEntry.Result.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("expected one of \(known), found \(text.debugDescription)")
        }
        return result
    }
}
