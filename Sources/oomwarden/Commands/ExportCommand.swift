import API
import ArgumentParser
import Host
import Kernel
import Representation
import Store

/// `oomwarden export`: the whole history, for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", _superCommandName: "oomwarden",
        abstract: "Write the history to standard output, oldest first: JSON Lines or CSV. The daemon may be running.")

    enum Format: String, CaseIterable, ExpressibleByArgument { case json, csv }

    @Option(help: "json: an event on each line; csv: a victim on each line.") var format = Format.json

    @OptionGroup var filters: EventFilterOptions

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where the history is kept.", valueName: "dir"))
    var stateDirectory: String?

    private static let batch = 200

    func run() throws {
        let store = try StateDirectory.store(stateDirectory)
        var query = try filters.query()
        if filters.kind == nil { query.kinds = Set(EventKind.allCases) }
        query.limit = Self.batch
        query.wantsEvidence = format == .json
        if format == .csv { try write(KillsCSV.head) }
        var last = 0
        while true {
            let events: [StoredEvent]
            do throws(StoreError) { events = try store.events(after: last, query) } catch { throw Failure("\(error)") }
            for event in events { try write(line(OOMKillsEntry(event))) }
            guard let end = events.last, events.count == Self.batch else { return }
            last = end.seq
        }
    }

    private func line(_ entry: OOMKillsEntry) -> [UInt8] {
        format == .json ? OOMKillsDocument.json(entry, pretty: false) : KillsCSV.rows(entry)
    }

    private func write(_ bytes: [UInt8]) throws {
        guard StandardStream.output.write(bytes) else {
            throw Failure("standard output did not take all of it: is the disk full?")
        }
    }
}
