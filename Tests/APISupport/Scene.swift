public import API
public import Diagnosis
import Foundation
import Host
public import Kernel
import Logging
public import MicroHTTP
public import Monitor
import Representation
import Store
public import Support
import Synchronization

/// The whole table of routes over a machine of the test's making, asked through the router or through a live socket.
public final class Scene: Sendable {
    public let routes: Routes
    public let router: Router
    private let server: HTTPServer?
    private let watch: OOMWatch
    private let readings: Counter
    private let owner: (any Sendable)?

    public enum Way: CaseIterable, Sendable { case router, socket }

    /// What the machine is like. By default it is the fixture's, whole, with actions off.
    public struct Machine: Sendable {
        public var snapshot: @Sendable () -> Snapshot
        /// Holds `dev/kmsg`.
        public var logRoot: String
        /// Holds `proc/<pid>`.
        public var processRoot: String
        public var kernel: KernelVersion
        public var pageTypes: Result<PageTypeInfo, SourceError>
        public var actions = Access.Actions.off
        public var maximumAge = Nanoseconds(3_600_000_000_000)
        /// In memory.
        public var keepsAudit: Bool
        /// What may be protected, by the sum and by who is left; nil for no limit.
        public var maximumShare: ProtectionBudget.Percent?
        /// Those of the unit as it is shipped.
        public var rights = OwnRights(
            effective: .syslog, user: 61_184, namespaces: (pids: true, users: true), mayReadPageTypes: false, mayWriteVM: false)
        /// What the rate of actions is measured by; by default each asking is a second later.
        public var clock: @Sendable () -> Nanoseconds
        public var followsLog = true
        public var maximumLogBytes = 64 << 20
        /// What metrics tell of victims; told of each forecast.
        public var victims: VictimWatch?
        /// Lives as long as the scene: a directory that ends with its value.
        public var owner: (any Sendable)?

        public init(_ fixture: Fixture, keepsAudit: Bool = true) throws {
            self.keepsAudit = keepsAudit
            let snapshot = try fixture.timedSnapshot()
            self.snapshot = { snapshot }
            logRoot = fixture.root
            processRoot = fixture.root
            kernel = try KernelVersion(parsing: Array(fixture.name.utf8))
            pageTypes = .success(try fixture.pageTypeInfo())
            let asked = Counter()
            clock = {
                asked.add()
                return Nanoseconds(asked.count * 1_000_000_000)
            }
        }
    }

    public static let token = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    public static let readToken = "oomw_read"
    public static let protectToken = "oomw_protect"
    public static let bootID = "cbddabf7-bd37-4ff2-bc9a-ae739c641194"

    public init(_ machine: Machine, way: Way = .router) throws {
        var silent = Logger(label: "scene")
        silent.logLevel = .critical
        var settings = OOMWatch.Settings(bootID: Self.bootID)
        settings.root = machine.logRoot
        let watch = OOMWatch(settings, logger: silent)
        let readings = Counter()
        routes = Routes(try Self.context(machine, watch, readings, SourceHealth(logger: silent)))
        let problems = ProblemResponses(logger: silent)
        let router = Router(routes.all, faults: problems.response, errors: problems.response)
        self.router = router
        self.watch = watch
        self.readings = readings
        owner = machine.owner
        server =
            way == .router
            ? nil
            : try HTTPServer(listen: [.tcp(host: "127.0.0.1", port: 0)], router: router)
        guard machine.followsLog else { return }
        watch.start()
        guard eventually(within: 10, { watch.status.isReady }) else { throw NeverReady() }
    }

    public convenience init(_ fixture: String, way: Way = .router) throws { try self.init(Machine(Fixture(fixture)), way: way) }

    deinit { watch.stop() }

    /// How often the machine was read.
    public var readingCount: Int { readings.count }

    /// Starts to follow the log and waits for its end.
    public func readLog() throws {
        watch.start()
        guard eventually(within: 10, { watch.status.isReady }) else { throw NeverReady() }
    }

    public func ask(
        _ method: Method = .get, _ target: String, headers: Headers = [:], body: [UInt8] = [], from peer: Peer = .loopback
    ) throws -> SceneAnswer {
        guard let server, case .tcp(_, let port) = server.addresses[0] else {
            let response = router.respond(to: try Request(method, target, headers: headers, body: body).from(peer))
            return SceneAnswer(
                status: response.status.code, headers: response.allHeaders, body: method == .head ? [] : response.body.bytes)
        }
        let client = try RawClient(.tcp(port: port), of: server)
        var head = "\(method.token) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for field in headers.pairs { head += "\(field.name): \(field.value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        client.send(Array((head + "\r\n").utf8) + body)
        return SceneAnswer(try client.response(toHead: method == .head))
    }

    public struct NeverReady: Error {}

    private static func context(
        _ machine: Machine, _ watch: OOMWatch, _ readings: Counter, _ health: SourceHealth
    ) throws -> APIContext {
        let sampler = Sampler(maximumAge: machine.maximumAge, now: { Nanoseconds(0) }) {
            readings.add()
            return Sample(machine.snapshot())
        }
        let table = ProcessTable(root: machine.processRoot)
        let trail = AuditTrail(store: ProtectionStore(path: ":memory:"))
        var protection = ProtectionKeeper.Settings()
        protection.trail = trail
        if let share = machine.maximumShare {
            let budget = BudgetKeeper(table: table, share: share) { machine.snapshot().memInfo.value?.total }
            protection.checkBudget = budget.check
        }
        let keeper = ProtectionKeeper(
            table: table, cgroups: MemoryCgroups(root: machine.processRoot),
            kernel: try runningKernel(machine.kernel), settings: protection)
        var context = APIContext(
            sampler: sampler, watch: watch, processes: (ProcessList(table: table, health: health), keeper),
            machine: APIContext.Machine(
                kernel: machine.kernel, bootID: bootID, readPageTypeInfo: { machine.pageTypes }, readUsage: { usage },
                readSources: { health.states(of: table) }),
            settings: (
                Access(actions: machine.actions, adminUsers: [0], rate: ActionRate(now: machine.clock), holder: holder),
                try policies(table),
                BuildInfo(version: "0.1.0", revision: "0123456789ab", swift: "6.3"),
                { [rights = machine.rights] in .success(rights) }
            ),
            forecast: forecast(machine, table))
        context.maximumLogBytes = machine.maximumLogBytes
        context.recorder = recorder(machine)
        context.hub = StreamHub()
        if machine.keepsAudit {
            context.attempts = AttemptBook(trail: trail, now: { Nanoseconds(0) })
        }
        return context
    }

    /// In memory, and applied to nobody: the processes are a fixture's.
    private static func policies(_ table: ProcessTable) throws -> PolicyControl {
        let logger = Logger(label: "scene") { _ in SwiftLogNoOpLogHandler() }
        let (book, feed) = (try PolicyBook(), ProcessFeed(logger: logger))
        var match = PolicyMatch()
        match.comm = Glob("postgres", of: .name)
        _ = try book.put(ProtectionPolicy(name: "database", match: match, adjustment: .neutral))
        let engine = PolicyEngine(
            book: book, feed: feed, table: table, logger: logger,
            keeper: PolicyEngine.Keeper { _, _, _ in .refused(why: "a scene") })
        return PolicyControl(book: book, engine: engine, feed: feed)
    }

    private static let holder: @Sendable ([UInt8]) -> Credentials.Holder? = { secret in
        switch String(decoding: secret, as: UTF8.self) {
        case token: Credentials.Holder(name: "admin", scopes: [.admin])
        case readToken: Credentials.Holder(name: "reader", scopes: [.read])
        case protectToken: Credentials.Holder(name: "import", scopes: [.protect])
        default: nil
        }
    }

    /// Ten seconds of a machine that stands still, and what was put aside around an event.
    private static func recorder(_ machine: Machine) -> FlightRecorder {
        var settings = FlightRecorder.Settings(bootID: bootID)
        settings.root = machine.processRoot
        let recorder = FlightRecorder(settings, logger: Logger(label: "scene") { _ in SwiftLogNoOpLogHandler() })
        let end = machine.snapshot().takenAt
        for seconds in [10, 0] {
            let wall = Timestamp(unixNanoseconds: end.unixNanoseconds - seconds * 1_000_000_000)
            recorder.sample(at: RecordedTime(sinceBoot: Nanoseconds((1_000 - seconds) * 1_000_000_000), wall: wall))
        }
        recorder.keepTimeline(of: "\(bootID)-427", at: end)
        return recorder
    }

    private static func forecast(_ machine: Machine, _ table: ProcessTable) -> APIContext.Forecast {
        let cgroups = MemoryCgroups(root: machine.processRoot)
        return APIContext.Forecast(
            forecaster: Forecaster(table: table, cgroups: cgroups, kernel: machine.kernel, watch: machine.victims),
            cgroups: CgroupList(cgroups: cgroups), victims: machine.victims)
    }

    private static func runningKernel(_ version: KernelVersion) throws -> RunningKernel {
        let root = try TemporaryDirectory()
        try root.write(Array("\(version)\n".utf8), to: "proc/sys/kernel/osrelease")
        try root.write(Array("\(bootID)\n".utf8), to: "proc/sys/kernel/random/boot_id")
        return try RunningKernel.read(root: root.path)
    }

    private static let usage = ProcessUsage(
        cpuMicroseconds: 1_234_567, descriptors: (open: 21, maximum: 4_096), virtual: Bytes(kibibytes: 65_536),
        resident: Bytes(kibibytes: 9_216), startedAt: Timestamp(unixNanoseconds: 1_789_999_000_500_000_000))
}

extension Peer {
    public static let loopback = Peer.ipv4(address: UInt32(0x7f00_0001).bigEndian, port: UInt16(41_022).bigEndian)
    /// 192.0.2.7 (RFC 5737).
    public static let remote = Peer.ipv4(address: UInt32(0xc000_0207).bigEndian, port: UInt16(41_022).bigEndian)
}

/// What came back.
public struct SceneAnswer: Sendable {
    public let status: Int
    public let headers: Headers
    public let body: [UInt8]

    public init(status: Int, headers: Headers, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ response: RawResponse) {
        var headers = Headers()
        for field in response.headers.fields { headers.append(field.name, field.value) }
        self.init(status: response.status, headers: headers, body: response.body)
    }

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The name of the problem, without the part that all have; nil for what is none.
    public var problem: String? {
        guard headers["Content-Type"] == "application/problem+json", let start = text.range(of: #""urn:oomwarden:problem:"#)
        else {
            return nil
        }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}

extension Fixture {
    /// With times of reading: they are written down by whoever reads, so they are set here.
    public func timedSnapshot() throws -> Snapshot {
        let snapshot = try snapshot()
        return Snapshot(
            takenAt: snapshot.takenAt, pageSize: snapshot.pageSize, sources: Snapshot.Sources(snapshot),
            readTimes: [61_000, 12_500, 9_000, 35_250, 4_001].map(Nanoseconds.init))
    }
}

extension Snapshot.Sources {
    public init(_ snapshot: Snapshot) {
        self.init(
            zoneInfo: snapshot.zoneInfo, buddyInfo: snapshot.buddyInfo, memInfo: snapshot.memInfo, vmStat: snapshot.vmStat,
            pressure: snapshot.pressure)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
