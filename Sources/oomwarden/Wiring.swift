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
    let keeper: ProtectionKeeper
    let lock: FileLock?
    let policies: PolicyControl
    let routes: Routes

    init(_ settings: Daemon.Settings, token: (bytes: [UInt8], directory: String), logger: Logger) throws {
        let procFS = ProcFS(root: settings.root)
        let health = SourceHealth(logger: logger)
        let kernel =
            health.value(of: .osrelease) { () throws(SourceError) in try RunningKernel.read(root: settings.root) } ?? .unknown
        // Another machine's log is shown, and nothing of it kept.
        let directory = settings.root.isEmpty ? token.directory : nil
        let hub = StreamHub<LiveEvent>()
        let ledger = Self.ledger(settings, kernel, directory, hub, logger)
        let (victims, age) = (VictimWatch(seesAll: ProcessTable(root: settings.root).seesAll), settings.maximumAge.nanoseconds)
        let sampler = Sampler(maximumAge: age, now: { Nanoseconds.monotonic }) {
            let snapshot = procFS.readSnapshot()
            health.note(snapshot)
            return Sample(snapshot, isShared: age > Nanoseconds(0), store: ledger.status, victims: victims.summary())
        }
        self.sampler = sampler
        let recorder = directory.map { Self.recorder(kernel, hub, (ledger, victims), $0, logger) }
        self.recorder = recorder
        let watch = Self.watch(settings, kernel, ledger, recorder, logger)
        self.watch = watch
        let userspace = UserspaceKillWatch(UserspaceKillWatch.Settings(root: settings.root), logger: logger) {
            watch.add($0, at: $1, from: $2)
        }
        self.userspace = userspace
        let (table, cgroups) = (ProcessTable(root: settings.root), MemoryCgroups(root: settings.root))
        let attempts = directory.map { Self.attempts(in: $0, logger) }
        lock = try directory.flatMap(Self.lock)
        let (feed, budget) = (ProcessFeed(logger: logger), Self.budget(settings, table, sampler))
        keeper = Self.keeper(table, cgroups, kernel, Self.leases(attempts?.trail, budget, feed, logger), feed)
        let policies = try Self.policies(settings, directory, (keeper, attempts?.trail, feed), table, logger)
        self.policies = policies
        let own = OwnProcess()
        let machine = APIContext.Machine(
            kernel: kernel.version, bootID: kernel.bootID, readPageTypeInfo: procFS.readPageTypeInfo,
            readUsage: { health.value(of: .own) { () throws(SourceError) in try own.readUsage() } },
            readSources: {
                health.states(of: table) + userspace.states + policies.states + Self.states(recorder, attempts)
            })
        var context = APIContext(
            sampler: sampler, watch: watch, processes: (ProcessList(table: table, health: health), keeper), machine: machine,
            settings: (try Self.access(settings, token: token, logger: logger), policies, Build.info, Self.readRights),
            forecast: APIContext.Forecast(
                forecaster: Forecaster(
                    table: table, cgroups: cgroups, kernel: kernel.version > KernelVersion(0, 0) ? kernel.version : nil,
                    watch: victims), cgroups: CgroupList(cgroups: cgroups), victims: victims))
        context.maximumLogBytes = settings.maximumLogSize.bytes.count
        (context.recorder, context.hub, context.attempts) = (recorder, hub, attempts)
        context.readProcessEventsObstacle = { feed.obstacle }
        routes = Routes(context)
    }

    private static func watch(
        _ settings: Daemon.Settings, _ kernel: RunningKernel, _ ledger: EventLedger, _ recorder: FlightRecorder?, _ logger: Logger
    ) -> OOMWatch {
        var wanted = OOMWatch.Settings(bootID: kernel.bootID)
        wanted.root = settings.root
        wanted.onEvent = { recorder?.noteEvent($0.id, at: $0.record.killedAt ?? .now) }
        wanted.limitingGroup = { recorder?.limitingGroup(of: $0, $1) }
        wanted.onHungTask = { _ in recorder?.noteHungTask(at: .now) }
        return OOMWatch(wanted, ledger: ledger, logger: logger)
    }

    private static func ledger(
        _ settings: Daemon.Settings, _ kernel: RunningKernel, _ directory: String?, _ hub: StreamHub<LiveEvent>, _ logger: Logger
    ) -> EventLedger {
        var wanted = EventLedger.Settings(directory: directory, bootID: kernel.bootID)
        wanted.retention = settings.retention
        wanted.usualLogs = settings.readsUsualLogs ? UsualLogs.patterns : []
        wanted.onLive = { hub.publish(.event($0), seq: $0.event.seq) }
        return EventLedger(wanted, logger: logger)
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
