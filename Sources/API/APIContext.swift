public import Diagnosis
public import Kernel
import MicroHTTP
public import Monitor
public import Representation

/// What the routes are wired to. Floor invariant of API: it maps requests to the floors below and their errors to
/// problems; it opens no file and keeps no state but the renderings of a sample.
public struct APIContext: Sendable {
    public let sampler: Sampler<Sample>
    public let watch: OOMWatch
    public let processes: ProcessList
    public let protection: ProtectionKeeper
    public let forecaster: Forecaster
    public let cgroups: CgroupList
    /// What metrics tell of the next victims.
    public let victims: VictimWatch?
    public let machine: Machine
    public let access: Access
    public let policies: PolicyControl
    public let build: BuildInfo
    /// The longest log that `POST /oom-kills/analyze` takes.
    public var maximumLogBytes = 64 << 20
    /// nil where nothing is recorded: the files are another machine's.
    public var recorder: FlightRecorder?
    public var hub: StreamHub<LiveEvent>?
    /// Where refused attempts are written down; nil where nothing can be changed: the files are another machine's.
    public var attempts: AttemptBook?
    /// What this process may do, whatever machine's files it shows.
    public let readRights: @Sendable () -> Result<OwnRights, SourceError>
    /// How new processes are heard of, such as "netlink"; nil where they are looked for.
    public var readProcessEventsObstacle: @Sendable () -> SourceError? = { .absent(path: "process events") }
    let streamCounts = StreamCounts()

    /// The machine beside what a sample holds.
    public struct Machine: Sendable {
        public let kernel: KernelVersion
        public let bootID: String
        public let readPageTypeInfo: @Sendable () -> Result<PageTypeInfo, SourceError>
        public let readUsage: @Sendable () -> ProcessUsage?
        /// How the sources stand that a sample does not hold.
        public let readSources: @Sendable () -> [(source: SourceHealth.Source, failure: SourceError?)]

        public init(
            kernel: KernelVersion, bootID: String, readPageTypeInfo: @escaping @Sendable () -> Result<PageTypeInfo, SourceError>,
            readUsage: @escaping @Sendable () -> ProcessUsage?,
            readSources: @escaping @Sendable () -> [(source: SourceHealth.Source, failure: SourceError?)]
        ) {
            self.kernel = kernel
            self.bootID = bootID
            self.readPageTypeInfo = readPageTypeInfo
            self.readUsage = readUsage
            self.readSources = readSources
        }

        var sources: [SourceState] {
            readSources().map { SourceState(source: $0.source.rawValue, reason: $0.failure.map($0.source.reason)) }
        }

        /// nil for another machine's root that does not tell it.
        var knownKernel: KernelVersion? { kernel > KernelVersion(0, 0) ? kernel : nil }
    }

    /// Who tells what would happen.
    public struct Forecast: Sendable {
        public let forecaster: Forecaster
        public let cgroups: CgroupList
        public let victims: VictimWatch?

        public init(forecaster: Forecaster, cgroups: CgroupList, victims: VictimWatch? = nil) {
            self.forecaster = forecaster
            self.cgroups = cgroups
            self.victims = victims
        }
    }

    public init(
        sampler: Sampler<Sample>, watch: OOMWatch, processes: (list: ProcessList, keeper: ProtectionKeeper), machine: Machine,
        settings: (
            access: Access, policies: PolicyControl, build: BuildInfo,
            readRights: @Sendable () -> Result<OwnRights, SourceError>
        ), forecast: Forecast
    ) {
        self.sampler = sampler
        self.watch = watch
        self.processes = processes.list
        protection = processes.keeper
        forecaster = forecast.forecaster
        cgroups = forecast.cgroups
        victims = forecast.victims
        self.machine = machine
        access = settings.access
        policies = settings.policies
        build = settings.build
        readRights = settings.readRights
    }
}
