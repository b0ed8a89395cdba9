public import Diagnosis
public import Kernel

/// `GET /metrics`: one reading of the machine, what the kernel log told so far, and our own process.
public struct MetricsPage: Sendable {
    public let snapshot: Snapshot
    /// nil where zoneinfo could not be read: its families are then absent, never 0.
    public let assessment: Assessment?
    public let log: KernelLogCounts
    /// The sources beside those of the snapshot and the kernel's log.
    public let sources: [SourceState]
    public let process: ProcessUsage?
    public let build: BuildInfo
    /// nil where nothing is recorded.
    public var stalls: (machine: Int, cgroups: Int)?
    /// nil where there is no stream.
    public var streams: (clients: Int, cutOff: Int, backlog: Int)?
    /// nil where nobody has looked at the processes lately: no scrape does.
    public var victims: VictimSummary?
    /// nil with another machine's files.
    public var protection: ProtectionFigures?
    public var policies: PolicyCounts?

    public init(
        snapshot: Snapshot, assessment: Assessment?, log: KernelLogCounts, sources: [SourceState],
        own: (process: ProcessUsage?, build: BuildInfo)
    ) {
        self.snapshot = snapshot
        self.assessment = assessment
        self.log = log
        self.sources = sources
        process = own.process
        build = own.build
    }

    public func render(_ format: PrometheusText.Format) -> [UInt8] {
        var text = PrometheusText(format: format)
        if let assessment { write(&text, assessment) }
        if let buddyInfo = snapshot.buddyInfo.value { write(&text, buddyInfo.zones) }
        writeMemory(&text)
        writeCounters(&text)
        write(&text, log)
        writeLive(&text)
        if let victims { write(&text, victims) }
        if let protection { write(&text, protection) }
        if let policies { write(&text, policies) }
        writeSources(&text)
        text.family(Metrics.buildInfo)
        text.sample(build.labels, 1)
        if let process { write(&text, process) }
        return text.finished()
    }
}

/// What the kernel log told since we read it.
public struct KernelLogCounts: Sendable {
    /// Every scope, also those with nothing.
    public let kills: [(scope: String, count: Int)]
    public let events: [(scope: String, count: Int)]
    public let recordsLost: Int
    public let isUp: Bool
    /// Kills that the kernel counted and its log did not tell; nil where that cannot be known.
    public let unexplained: Int?
    public var causes: [(cause: String, count: Int)] = []
    /// nil where there was none in our time.
    public var lastKill: Timestamp?
    /// nil where events are in memory only.
    public var store: Store?

    /// How the history is kept.
    public struct Store: Sendable {
        let isUp: Bool
        let size: Bytes?
        let writeErrors: Int
        let backlog: Int
        let dropped: Int

        public init(isUp: Bool, size: Bytes?, writeErrors: Int, backlog: Int, dropped: Int) {
            self.isUp = isUp
            self.size = size
            self.writeErrors = writeErrors
            self.backlog = backlog
            self.dropped = dropped
        }
    }

    public init(
        kills: [(scope: String, count: Int)], events: [(scope: String, count: Int)], recordsLost: Int, isUp: Bool,
        unexplained: Int? = nil
    ) {
        self.kills = kills
        self.events = events
        self.recordsLost = recordsLost
        self.isUp = isUp
        self.unexplained = unexplained
    }
}

/// How much is protected.
public struct ProtectionFigures: Sendable {
    let leases: Int
    let processes: Int
    let pending: Int
    let childrenReset: Int
    let failures: Int
    let audit: (errors: Int, lost: Int)

    public init(
        leases: Int, processes: Int, pending: Int, childrenReset: Int, failures: Int, audit: (errors: Int, lost: Int)
    ) {
        self.leases = leases
        self.processes = processes
        self.pending = pending
        self.childrenReset = childrenReset
        self.failures = failures
        self.audit = audit
    }
}

/// Which program this is.
public struct BuildInfo: Sendable {
    public let version: String
    public let revision: String
    public let swift: String
    let labels: [UInt8]

    public init(version: String, revision: String, swift: String) {
        self.version = version
        self.revision = revision
        self.swift = swift
        let pairs = [
            PrometheusText.label("version", version), PrometheusText.label("revision", revision),
            PrometheusText.label("swift", swift),
        ]
        labels = Array(pairs.joined(separator: [UInt8(ascii: ",")]))
    }
}
