/// One reading of the machine. Each source stands for itself: one that fails takes no other with it.
///
/// It never changes; a class, so that whoever keeps it or hands it on copies nothing of it.
public final class Snapshot: Sendable {
    public let takenAt: Timestamp
    public let pageSize: PageSize
    public let zoneInfo: Result<ZoneInfo, SourceError>
    public let buddyInfo: Result<BuddyInfo, SourceError>
    public let memInfo: Result<MemInfo, SourceError>
    public let vmStat: Result<VMStat, SourceError>
    public let pressure: Result<Pressure, SourceError>
    /// How long each source took to be read and understood, in the order of `Source`.
    public let readTimes: [Nanoseconds]
    /// The sources that have no value, in the order of `Source`; nearly always none.
    public let failures: [(source: Source, error: SourceError)]

    public init(
        takenAt: Timestamp, pageSize: PageSize, sources: Sources, readTimes: [Nanoseconds] = []
    ) {
        self.takenAt = takenAt
        self.pageSize = pageSize
        zoneInfo = sources.zoneInfo
        buddyInfo = sources.buddyInfo
        memInfo = sources.memInfo
        vmStat = sources.vmStat
        pressure = sources.pressure
        self.readTimes = readTimes
        failures = Source.allCases.compactMap { source in sources.failure(of: source).map { (source, $0) } }
    }

    /// The five texts as they were understood.
    public struct Sources: Sendable {
        public var zoneInfo: Result<ZoneInfo, SourceError>
        public var buddyInfo: Result<BuddyInfo, SourceError>
        public var memInfo: Result<MemInfo, SourceError>
        public var vmStat: Result<VMStat, SourceError>
        public var pressure: Result<Pressure, SourceError>

        public init(
            zoneInfo: Result<ZoneInfo, SourceError>, buddyInfo: Result<BuddyInfo, SourceError>,
            memInfo: Result<MemInfo, SourceError>, vmStat: Result<VMStat, SourceError>, pressure: Result<Pressure, SourceError>
        ) {
            self.zoneInfo = zoneInfo
            self.buddyInfo = buddyInfo
            self.memInfo = memInfo
            self.vmStat = vmStat
            self.pressure = pressure
        }

        fileprivate func failure(of source: Source) -> SourceError? {
            switch source {
            case .zoneInfo: zoneInfo.failure
            case .buddyInfo: buddyInfo.failure
            case .memInfo: memInfo.failure
            case .vmStat: vmStat.failure
            case .pressure: pressure.failure
            }
        }
    }

    /// The five files of a snapshot, by the names that metrics and problems use.
    public enum Source: Int, CaseIterable, Sendable {
        case zoneInfo, buddyInfo, memInfo, vmStat, pressure

        public var name: String {
            switch self {
            case .zoneInfo: "zoneinfo"
            case .buddyInfo: "buddyinfo"
            case .memInfo: "meminfo"
            case .vmStat: "vmstat"
            case .pressure: "pressure"
            }
        }
    }

    /// Why a source has no value; nil where it has one.
    public func failure(of source: Source) -> SourceError? { failures.first { $0.source == source }?.error }
}

/// A point in time. Kernel: `CLOCK_REALTIME`.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let unixNanoseconds: Int

    public init(unixNanoseconds: Int) { self.unixNanoseconds = unixNanoseconds }

    /// The last that there is, where it would be later.
    public init(unixMicroseconds: Int) {
        let (product, overflow) = unixMicroseconds.multipliedReportingOverflow(by: 1_000)
        self.init(unixNanoseconds: overflow ? Int.max : product)
    }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.unixNanoseconds < b.unixNanoseconds }
}

/// A span of time.
public struct Nanoseconds: Hashable, Comparable, Sendable {
    public let count: Int

    public init(_ count: Int) { self.count = count }

    public static func < (a: Nanoseconds, b: Nanoseconds) -> Bool { a.count < b.count }
}

extension Result {
    /// nil where there is no error.
    public var failure: Failure? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }

    /// nil where there is an error; for readers that show the error elsewhere.
    public var value: Success? {
        switch self {
        case .success(let value): value
        case .failure: nil
        }
    }
}
