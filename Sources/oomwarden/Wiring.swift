import API
import Diagnosis
import Host
import Kernel
import Logging
import Monitor
import Representation

/// Who knows whom.
struct Wiring {
    let sampler: Sampler<Sample>
    let watch: OOMWatch
    let userspace: UserspaceKillWatch
    let victims: VictimWatch
    let routes: Routes
    private let startVictims: @Sendable () -> Void

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
        watch = OOMWatch(watchSettings, logger: logger)
        var userspaceSettings = UserspaceKillWatch.Settings()
        userspaceSettings.root = settings.root
        let userspace = UserspaceKillWatch(userspaceSettings, logger: logger, publish: watch.add)
        self.userspace = userspace
        let table = ProcessTable(root: settings.root)
        let cgroups = MemoryCgroups(root: settings.root)
        let keeper = ProtectionKeeper(table: table, cgroups: cgroups, kernel: kernel)
        let victims = VictimWatch(logger: logger)
        self.victims = victims
        startVictims = { [sampler] in
            victims.start(table) { BadnessFormula(of: sampler.current().snapshot, kernel: kernel.version) }
        }
        let own = OwnProcess()
        let machine = APIContext.Machine(
            kernel: kernel.version, bootID: kernel.bootID, readPageTypeInfo: procFS.readPageTypeInfo,
            readUsage: { health.value(of: .own) { () throws(SourceError) in try own.readUsage() } },
            readSources: { health.states(of: table) + userspace.states })
        var context = APIContext(
            sampler: sampler, watch: watch, processes: (ProcessList(table: table, health: health), keeper), machine: machine,
            settings: (Access(token: token, actions: Self.actions(settings)), Build.info),
            forecast: APIContext.Forecast(
                forecaster: Forecaster(
                    table: table, cgroups: cgroups, kernel: kernel.version > KernelVersion(0, 0) ? kernel.version : nil,
                    watch: victims), cgroups: CgroupList(cgroups: cgroups), victims: victims))
        context.maximumLogBytes = settings.maximumLogSize.bytes.count
        routes = Routes(context)
    }

    /// The order of victims is looked at every 10 s from now on.
    func startVictimWatch() { startVictims() }

    private static func actions(_ settings: Daemon.Settings) -> Access.Actions {
        guard settings.root.isEmpty else { return .otherRoot }
        return settings.enableActions ? .on : .off
    }
}
