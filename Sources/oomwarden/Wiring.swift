import API
import Diagnosis
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
    let userspace: UserspaceKillWatch
    /// nil with another machine's root: its files stand still.
    let recorder: FlightRecorder?
    let policies: PolicyControl
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
        // Another machine's log is shown, and nothing of it kept.
        let directory = settings.root.isEmpty ? token.directory : nil
        let hub = StreamHub<LiveEvent>()
        var ledgerSettings = EventLedger.Settings(directory: directory, bootID: kernel.bootID)
        ledgerSettings.retention = settings.retention
        ledgerSettings.usualLogs = settings.readsUsualLogs ? UsualLogs.patterns : []
        ledgerSettings.onLive = { hub.publish(.event($0), seq: $0.event.seq) }
        let ledger = EventLedger(ledgerSettings, logger: logger)
        let victims = VictimWatch()
        let recorder = directory.map { Self.recorder(kernel, hub, (ledger, victims), $0, logger) }
        self.recorder = recorder
        var watchSettings = OOMWatch.Settings(bootID: kernel.bootID)
        watchSettings.root = settings.root
        watchSettings.onEvent = { recorder?.noteEvent($0.id, at: $0.record.killedAt ?? .now) }
        watchSettings.onHungTask = { _ in recorder?.noteHungTask(at: .now) }
        let watch = OOMWatch(watchSettings, ledger: ledger, logger: logger)
        self.watch = watch
        var userspaceSettings = UserspaceKillWatch.Settings()
        userspaceSettings.root = settings.root
        let userspace = UserspaceKillWatch(userspaceSettings, logger: logger) { watch.add($0, at: $1, from: $2) }
        self.userspace = userspace
        let table = ProcessTable(root: settings.root)
        let cgroups = MemoryCgroups(root: settings.root)
        let keeper = ProtectionKeeper(table: table, cgroups: cgroups, kernel: kernel)
        let policies = try Self.policies(settings, directory: directory, keeper, table, logger)
        self.policies = policies
        let own = OwnProcess()
        let machine = APIContext.Machine(
            kernel: kernel.version, bootID: kernel.bootID, readPageTypeInfo: procFS.readPageTypeInfo,
            readUsage: { health.value(of: .own) { () throws(SourceError) in try own.readUsage() } },
            readSources: {
                health.states(of: table) + userspace.states + policies.states + (recorder.map { [(.recorder, $0.failure)] } ?? [])
            })
        var context = APIContext(
            sampler: sampler, watch: watch, processes: (ProcessList(table: table, health: health), keeper), machine: machine,
            settings: (try Self.access(settings, token: token, logger: logger), policies, Build.info),
            forecast: APIContext.Forecast(
                forecaster: Forecaster(
                    table: table, cgroups: cgroups, kernel: kernel.version > KernelVersion(0, 0) ? kernel.version : nil,
                    watch: victims), cgroups: CgroupList(cgroups: cgroups), victims: victims))
        context.maximumLogBytes = settings.maximumLogSize.bytes.count
        context.recorder = recorder
        context.hub = hub
        routes = Routes(context)
    }

    private static func recorder(
        _ kernel: RunningKernel, _ hub: StreamHub<LiveEvent>, _ told: (ledger: EventLedger, victims: VictimWatch),
        _ directory: String, _ logger: Logger
    ) -> FlightRecorder {
        let ledger = told.ledger
        var settings = FlightRecorder.Settings(bootID: kernel.bootID)
        settings.checkpoint = directory + "/recording"
        settings.slowWork = { ledger.later($0) }
        settings.onStall = { stall in
            let event = ledger.add(stall)
            if stall.end != nil {
                ledger.number { hub.publish(.stall(event, stall), seq: $0, isRemembered: true) }
            }
            logger.warning("\(StallDocument(stall).line)")
        }
        settings.onZoneChange = { change in ledger.number { hub.publish(.zones(change), seq: $0, isRemembered: true) } }
        settings.onProcesses = { processes, snapshot in
            guard let formula = BadnessFormula(of: snapshot, kernel: kernel.version) else { return }
            told.victims.note(processes, formula: formula)
        }
        settings.onTimeline = { id, bytes in
            ledger.attach(Attachment(kind: TimelineDocument.kind, recordedAt: .now, data: bytes), to: id)
        }
        return FlightRecorder(settings, logger: logger)
    }

    /// What was known before: first of all, so that the ring's events are recognised.
    func openLedger(serving serve: () throws -> Void) throws {
        let sinceBoot = Nanoseconds.monotonic.count
        try watch.ledger.open(
            startedAt: Timestamp(unixNanoseconds: Timestamp.now.unixNanoseconds - sinceBoot), serving: serve)
    }
}
