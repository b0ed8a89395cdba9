public import Diagnosis
public import Kernel

/// What is kept of an event: the lines of the log that tell it, and what it is searched by.
///
/// The lines are the truth. A later version reads them again and may know better what they mean.
public struct EventRecord: Hashable, Sendable {
    public var kind: EventKind
    public var identity: EventIdentity
    public var killedAt: Timestamp?
    /// The wall clock was not looked at when it happened: the time is worked out from the kernel's own.
    public var isTimeEstimated = false
    public var scope = OOMScope.unknown
    public var cause: Cause?
    public var confidence: Confidence?
    public var victimCgroup: CgroupPath?
    public var limitCgroup: CgroupPath?
    /// The log does not say `limitCgroup`: it is the victim's limited group, as it was seen before the kill.
    public var isLimitDerived = false
    /// Of the victim's group, or where that is not known of the limit's: systemd's unit or slice.
    public var unit: String?
    public var container: String?
    public var pod: String?
    /// In the order of their deaths.
    public var victims: [Victim] = []
    /// A part of its report is missing, as far as was seen when it was read.
    public var isPartial = false
    /// The kernel's release, where other lines than its own tell it.
    public var release: String?
    /// Of `recordsLost`: how many.
    public var lostRecords: Int?
    public var evidence: [LogLine] = []

    public init(_ kind: EventKind, _ identity: EventIdentity) {
        self.kind = kind
        self.identity = identity
    }
}

/// What happened, in the words of the interface.
public enum EventKind: String, CaseIterable, Hashable, Sendable {
    case kill
    case killWithoutReport = "kill_without_report"
    case noKill = "no_kill"
    case allocationFailure = "allocation_failure"
    case userspaceKill = "userspace_kill"
    /// Records of the kernel's log that nobody can read any more.
    case recordsLost = "records_lost"
    /// The machine, or a cgroup, did little but wait for memory.
    case stall
    case zoneState = "zone_state"

    public init(_ kind: OOMReport.Kind) {
        switch kind {
        case .kill: self = .kill
        case .killWithoutReport: self = .killWithoutReport
        case .noKill: self = .noKill
        case .allocationFailure: self = .allocationFailure
        case .userspaceKill: self = .userspaceKill
        }
    }

    /// The kernel itself ended somebody; these are what its own counter counts.
    public var isKernelKill: Bool { self == .kill || self == .killWithoutReport }
}

/// What one event is known by, whoever tells it. What the source does not say is nil.
public struct EventIdentity: Hashable, Sendable {
    public var bootID: String?
    /// The kernel's stamp of the kill line.
    public var time: TimeSinceBoot?
    /// Of the kill line, in the kernel's ring of that boot.
    public var sequence: UInt64?
    /// The first victim's; where nobody died, the one's who asked for memory.
    public var processID: ProcessID?
    public var comm: CommandName?
    /// Of the kernel's own words, without what a transport puts before them.
    public var fingerprint: UInt64

    public init(
        bootID: String? = nil, time: TimeSinceBoot? = nil, sequence: UInt64? = nil, processID: ProcessID? = nil,
        comm: CommandName? = nil, fingerprint: UInt64 = 0
    ) {
        self.bootID = bootID
        self.time = time
        self.sequence = sequence
        self.processID = processID
        self.comm = comm
        self.fingerprint = fingerprint
    }

    /// FNV-1a over the texts: the same words give the same number on every machine.
    public static func fingerprint(of lines: some Sequence<LogLine>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for line in lines {
            for byte in line.text + [UInt8(ascii: "\n")] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }
}

/// An event as the store has it.
public struct StoredEvent: Hashable, Sendable, Identifiable {
    /// Grows with every event that is recorded; never given twice.
    public let seq: Int
    /// Made when it was first seen.
    public let id: String
    /// 1, and one more for each later addition.
    public let revision: Int
    /// It happened under our eyes, or while we were down after our first start; false for what is older or was imported.
    public let isLive: Bool
    public let recordedAt: Timestamp
    public let sources: [String]
    /// Without `evidence` where that was not asked for.
    public let record: EventRecord

    public init(
        seq: Int, id: String, revision: Int = 1, isLive: Bool, recordedAt: Timestamp, sources: [String], record: EventRecord
    ) {
        self.seq = seq
        self.id = id
        self.revision = revision
        self.isLive = isLive
        self.recordedAt = recordedAt
        self.sources = sources
        self.record = record
    }
}

extension EventRecord {
    /// cause, confidence, scope, victim_cgroup, limit_cgroup, unit, container, pod, limit_is_derived; a word of a later version is not known.
    mutating func take(judgement row: Row, at first: Int32) {
        cause = row.textOrNull(first).flatMap { Cause(rawValue: $0) }
        confidence = row.textOrNull(first + 1).flatMap { Confidence(rawValue: $0) }
        scope = row.textOrNull(first + 2).flatMap { OOMScope(rawValue: $0) } ?? .unknown
        victimCgroup = row.bytesOrNull(first + 3).map { CgroupPath($0) }
        limitCgroup = row.bytesOrNull(first + 4).map { CgroupPath($0) }
        unit = row.textOrNull(first + 5)
        container = row.textOrNull(first + 6)
        pod = row.textOrNull(first + 7)
        isLimitDerived = row.integerOrNull(first + 8) == 1
    }
}
