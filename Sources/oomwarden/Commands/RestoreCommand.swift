import ArgumentParser
import Host
import Kernel
import Monitor
import Store

/// `oomwarden restore`: no protection outlives the daemon.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", _superCommandName: "oomwarden",
        abstract: "Put back what processes had before they were protected, once the daemon has stopped for good.",
        discussion: """
            Only values that are still the daemon's are put back. Leases stay: the next start of the daemon applies those again
            that have not run out. The unit calls it after a stop, and not at a restart.
            """)

    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where leases are kept.", valueName: "dir"))
    var stateDirectory: String?

    func run() throws {
        let directory = try StateDirectory.path(stateDirectory)
        let path = directory + "/" + ProtectionStore.fileName
        guard FileSystem.exists(path) else { return say("nothing was protected") }
        guard let lock = try StateDirectory.lock(directory) else {
            throw Failure(
                "a daemon runs with \(directory), and would take what we put back for somebody else's; stop it, or end leases "
                    + "with DELETE /leases/{id}")
        }
        try withExtendedLifetime(lock) { try putBack(path) }
    }

    private func putBack(_ path: String) throws {
        var settings = ProtectionKeeper.Settings()
        settings.trail = AuditTrail(store: ProtectionStore(path: path), onEntry: Wiring.tellJournal)
        settings.appliesAtStart = false
        let kernel: RunningKernel
        do { kernel = try RunningKernel.read() } catch { throw Failure("\(error)") }
        let keeper = ProtectionKeeper(table: ProcessTable(), cgroups: MemoryCgroups(), kernel: kernel, settings: settings)
        let said: [String]
        do throws(ProtectionError) { said = try keeper.suspend() } catch {
            throw Failure("leases cannot be read: \(error.sentence); run it as root, or as the daemon's user")
        }
        say(said.isEmpty ? "nothing is to be put back" : said.joined(separator: "\n"))
        let kept = keeper.summary.pending
        guard kept == 0 else {
            throw Failure("\(kept) processes keep what they were given; run it again as root, with CAP_SYS_RESOURCE")
        }
    }

    private func say(_ text: String) { _ = StandardStream.output.write(Array((text + "\n").utf8)) }
}
