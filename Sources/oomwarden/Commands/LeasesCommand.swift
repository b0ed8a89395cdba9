import API
import ArgumentParser
import Host
import Kernel
import Representation
import Store

/// `oomwarden leases`: what is protected, for whom and until when.
struct LeasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leases", _superCommandName: "oomwarden",
        abstract: "Show what is protected by leases, for whom and until when. The daemon may be running.")

    @Flag(help: "With those that have ended within the last day.") var all = false

    @Flag(name: .customLong("json"), help: "Print JSON, as the daemon answers it, instead of a table.") var json = false

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where leases are kept.", valueName: "dir"))
    var stateDirectory: String?

    private static let day = 86_400 * 1_000_000_000

    func run() throws {
        let document = LeasesDocument(try leases().map { ShownLease($0, at: .now) })
        guard StandardStream.output.write(json ? document.json(pretty: true) : Array(document.table.utf8)) else {
            throw Failure("standard output did not take all of it: is the disk full?")
        }
    }

    private func leases() throws -> [Lease] {
        let path = try StateDirectory.path(stateDirectory) + "/" + ProtectionStore.fileName
        // No protect, no file.
        guard FileSystem.exists(path) else { return [] }
        let since = all ? Timestamp(unixNanoseconds: Timestamp.now.unixNanoseconds - Self.day) : nil
        do throws(StoreError) { return try ProtectionStore(reading: path).leases(endedSince: since) } catch {
            throw Failure("leases cannot be read: \(error); run it as root, or as the daemon's user")
        }
    }
}
