import API
import ArgumentParser
import Host
import Kernel
import Logging
import Monitor
import Representation
import Store

/// `oomwarden kills`: what the kernel's log still says about killed processes; with filters, what the history does.
struct KillsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills", _superCommandName: "oomwarden",
        abstract: "Show OOM kills, newest first: those that the kernel log still holds, or with filters those of the history.",
        discussion: """
            With --history, --state-dir or any filter it reads the history that oomwarden serve keeps; the daemon may be running.

              oomwarden kills
              oomwarden kills --since 7d --cause zone_exhausted
              oomwarden kills show ID        why, and what grew in the minutes before; --history --json has the ids
            """)

    @Argument(help: ArgumentHelp("show and the id of an event of the history.", valueName: "show id"))
    var one: [String] = []

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var filters: EventFilterOptions

    @Flag(help: "Show the history that the daemon keeps.") var history = false

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where the history is kept.", valueName: "dir"))
    var stateDirectory: String?

    @Option(name: .customLong("limit"), help: "How many to show, from 1 to 1000.")
    var limit = 100

    func validate() throws {
        guard one.isEmpty || (one.count == 2 && one[0] == "show") else {
            throw ValidationError("\(one.joined(separator: " ")): expected nothing, or show ID")
        }
        guard one.isEmpty || !filters.areGiven else {
            throw ValidationError("show takes one event by its id: leave out the filters")
        }
        guard (1...1000).contains(limit) else { throw ValidationError("--limit \(limit): expected a number from 1 to 1000") }
        guard reading.root == nil || !isOfHistory else {
            throw ValidationError("--root shows another machine's log, of which no history is kept: leave out the filters")
        }
    }

    private var isOfHistory: Bool { history || !one.isEmpty || stateDirectory != nil || filters.areGiven }

    func run() throws {
        if let id = one.last {
            let document = try readEvent(id)
            return try reading.show(json: document.json, table: { document.text })
        }
        let document = try isOfHistory ? readHistory() : readLog()
        try reading.show(json: document.json, table: { document.table })
    }

    private func readHistory() throws -> OOMKillsDocument {
        let store = try StateDirectory.store(stateDirectory)
        var query = try filters.query()
        query.limit = limit
        query.wantsEvidence = true
        let page: EventPage
        do throws(StoreError) { page = try store.events(query) } catch { throw Failure("\(error)") }
        return OOMKillsDocument(
            events: page.events.map { OOMKillsEntry($0) }, nextCursor: page.next?.text,
            sources: [SourceState(source: "store", reason: nil)])
    }

    private func readEvent(_ id: String) throws -> KillDocument {
        let store = try StateDirectory.store(stateDirectory)
        let event: StoredEvent?
        let kept: Attachment?
        do throws(StoreError) {
            (event, kept) = (try store.event(id), try store.attachment(TimelineDocument.kind, of: id))
        } catch { throw Failure("\(error)") }
        guard let event else {
            throw Failure("no event \(id.debugDescription) in \(store.path); oomwarden kills --history --json has the ids")
        }
        let pageSize = ProcFS(root: "").readSnapshot().pageSize
        let timeline = kept.flatMap { Timeline(decoding: $0.data) }.map {
            TimelineDocument(id: id, killedAt: event.record.killedAt, timeline: $0, pageSize: pageSize)
        }
        return KillDocument(OOMKillsEntry(event), timeline: timeline)
    }

    private func readLog() throws -> OOMKillsDocument {
        let root = reading.root ?? ""
        var bootID = RunningKernel.unknown.bootID
        if root.isEmpty { bootID = try shown(Result { () throws(SourceError) in try RunningKernel.read().bootID }) }
        var settings = OOMWatch.Settings(bootID: bootID)
        settings.root = root
        let watch = OOMWatch(settings, logger: StandardError.logger(.warning, .text))
        do { try watch.readToEnd() } catch { _ = try shown(Result<Void, SourceError>.failure(error)) }
        var query = EventQuery()
        query.limit = limit
        let page = watch.ledger.events(query)
        return OOMKillsDocument(
            events: page.events.map { OOMKillsEntry($0) }, nextCursor: page.next?.text,
            sources: [SourceState(source: "kmsg", reason: nil)])
    }
}
