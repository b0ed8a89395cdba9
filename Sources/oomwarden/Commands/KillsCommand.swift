import ArgumentParser
import Host
import Kernel
import Logging
import Monitor
import Representation

/// `oomwarden kills`: what the kernel's log still says about killed processes.
struct KillsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills", _superCommandName: "oomwarden",
        abstract: "Show the OOM kills that the kernel log still holds, newest first.")

    @OptionGroup var reading: ReadingOptions

    @Option(name: .customLong("limit"), help: "How many to show, from 1 to 1000.")
    var limit = 100

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit \(limit): expected a number from 1 to 1000") }
    }

    func run() throws {
        let root = reading.root ?? ""
        var bootID = RunningKernel.unknown.bootID
        if root.isEmpty { bootID = try shown(Result { () throws(SourceError) in try RunningKernel.read().bootID }) }
        var settings = OOMWatch.Settings(bootID: bootID)
        settings.root = root
        let watch = OOMWatch(settings, logger: StandardError.logger(.warning, .text))
        do { try watch.readToEnd() } catch { _ = try shown(Result<Void, SourceError>.failure(error)) }
        let page = watch.events(OOMEventQuery(limit: limit))
        let document = OOMKillsDocument(
            events: page.events, nextCursor: page.next?.text, sources: [SourceState(source: "kmsg", reason: nil)])
        try reading.show(json: document.json, table: { document.table })
    }
}
