import API
import Host
import Kernel
import Logging
import Monitor
import Representation
import Store

/// Who knows whom.
struct Wiring {
    let sampler: Sampler<Sample>
    let watch: OOMWatch
    let routes: Routes

    init(_ settings: Daemon.Settings, token: [UInt8], logger: Logger) throws {
        let procFS = ProcFS(root: settings.root)
        let health = SourceHealth(logger: logger)
        let kernel =
            health.value(of: .osrelease) { () throws(SourceError) in try RunningKernel.read(root: settings.root) } ?? .unknown
        let isShared = settings.maximumAge.nanoseconds > Nanoseconds(0)
        sampler = Sampler(maximumAge: settings.maximumAge.nanoseconds, now: { Nanoseconds.monotonic }) {
            let snapshot = procFS.readSnapshot()
            health.note(snapshot)
            return Sample(snapshot, isShared: isShared)
        }
        var watchSettings = OOMWatch.Settings(bootID: kernel.bootID)
        watchSettings.root = settings.root
        // Another machine's log is shown, and nothing of it kept.
        let directory = settings.root.isEmpty ? try StateDirectory.path(settings.stateDirectory) : nil
        var ledgerSettings = EventLedger.Settings(directory: directory, bootID: kernel.bootID)
        ledgerSettings.retention = settings.retention
        ledgerSettings.usualLogs = settings.readsUsualLogs ? UsualLogs.patterns : []
        watch = OOMWatch(watchSettings, ledger: EventLedger(ledgerSettings, logger: logger), logger: logger)
        let table = ProcessTable(root: settings.root)
        let keeper = ProtectionKeeper(table: table, cgroups: MemoryCgroups(root: settings.root), kernel: kernel)
        let own = OwnProcess()
        let machine = APIContext.Machine(
            kernel: kernel.version, bootID: kernel.bootID, readPageTypeInfo: procFS.readPageTypeInfo,
            readUsage: { health.value(of: .own) { () throws(SourceError) in try own.readUsage() } },
            readSources: { health.states(of: table) })
        var context = APIContext(
            sampler: sampler, watch: watch, processes: (ProcessList(table: table, health: health), keeper), machine: machine,
            settings: (Access(token: token, actions: Self.actions(settings)), Build.info))
        context.maximumLogBytes = settings.maximumLogSize.bytes.count
        routes = Routes(context)
    }

    /// What was known before: first of all, so that the ring's events are recognised.
    func openLedger() {
        let sinceBoot = Nanoseconds.monotonic.count
        watch.ledger.open(startedAt: Timestamp(unixNanoseconds: Timestamp.now.unixNanoseconds - sinceBoot))
    }

    private static func actions(_ settings: Daemon.Settings) -> Access.Actions {
        guard settings.root.isEmpty else { return .otherRoot }
        return settings.enableActions ? .on : .off
    }
}
