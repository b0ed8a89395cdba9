import API
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
    /// nil with another machine's root: its files stand still.
    let recorder: FlightRecorder?
    let worker = Worker()
    let routes: Routes

    init(_ settings: Daemon.Settings, token: (bytes: [UInt8], directory: String), logger: Logger) throws {
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
        // Milliseconds: an id of an earlier run is then smaller than every one of this, and a client that comes back gets all.
        let hub = StreamHub<LiveEvent>(after: Timestamp.now.unixNanoseconds / 1_000_000)
        let recorder = settings.root.isEmpty ? Self.recorder(kernel, hub, worker, token.directory, logger) : nil
        watchSettings.onEvent = { event, isLive in
            guard isLive else { return }
            hub.publish(.report(event))
            recorder?.noteEvent(event.id, at: event.killedAt ?? .now)
        }
        watchSettings.onHungTask = { _ in recorder?.noteHungTask(at: .now) }
        self.recorder = recorder
        watch = OOMWatch(watchSettings, logger: logger)
        var userspaceSettings = UserspaceKillWatch.Settings()
        userspaceSettings.root = settings.root
        let userspace = UserspaceKillWatch(userspaceSettings, logger: logger, publish: watch.add)
        self.userspace = userspace
        let table = ProcessTable(root: settings.root)
        let keeper = ProtectionKeeper(table: table, cgroups: MemoryCgroups(root: settings.root), kernel: kernel)
        let own = OwnProcess()
        let machine = APIContext.Machine(
            kernel: kernel.version, bootID: kernel.bootID, readPageTypeInfo: procFS.readPageTypeInfo,
            readUsage: { health.value(of: .own) { () throws(SourceError) in try own.readUsage() } },
            readSources: {
                health.states(of: table) + userspace.states + (recorder.map { [(.recorder, $0.failure)] } ?? [])
            })
        var context = APIContext(
            sampler: sampler, watch: watch, processes: (ProcessList(table: table, health: health), keeper), machine: machine,
            settings: (Access(token: token.bytes, actions: Self.actions(settings)), Build.info))
        context.maximumLogBytes = settings.maximumLogSize.bytes.count
        context.recorder = recorder
        context.hub = hub
        routes = Routes(context)
    }

    private static func recorder(
        _ kernel: RunningKernel, _ hub: StreamHub<LiveEvent>, _ worker: Worker, _ directory: String, _ logger: Logger
    ) -> FlightRecorder {
        var settings = FlightRecorder.Settings(bootID: kernel.bootID)
        settings.checkpoint = directory + "/recording"
        settings.slowWork = { worker.add($0) }
        settings.onStall = { stall in
            hub.publish(.stall(stall))
            logger.warning("\(StallDocument(stall).line)")
        }
        settings.onZoneChange = { change in hub.publish(.zones(change)) }
        return FlightRecorder(settings, logger: logger)
    }

    private static func actions(_ settings: Daemon.Settings) -> Access.Actions {
        guard settings.root.isEmpty else { return .otherRoot }
        return settings.enableActions ? .on : .off
    }
}
