import Diagnosis
import Glibc
public import Host
public import Kernel
public import Store

/// Reads logs of the past into the store. What is in it already is not added again, so that a log may be read twice.
public struct LogImport<Source: LogSource & ~Copyable>: ~Copyable {
    private let store: EventStore
    private let now: Timestamp
    private let path: String
    private let writtenAt: Timestamp
    private var file: Source
    private var parser = OOMEvidenceParser()
    private var claims = Claims()
    public private(set) var outcome = ImportOutcome()

    private init(_ source: consuming Source, named path: String, writtenAt: Timestamp, into store: EventStore, now: Timestamp) {
        file = source
        self.store = store
        self.now = now
        self.path = path
        self.writtenAt = writtenAt
    }
}

extension LogImport where Source == LogFile {
    /// - Parameter path: `-` is standard input.
    public init(of path: String, into store: EventStore, now: Timestamp) throws(LogFileError) {
        self.init(
            try LogFile(opening: path), named: path, writtenAt: Self.writtenAt(path) ?? now, into: store, now: now)
    }

    /// Of the file, compressed as it is; nil for a pipe.
    public var size: Int? { file.size }

    public var position: Int { file.position }

    private static func writtenAt(_ path: String) -> Timestamp? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0 else { return nil }
        return Timestamp(unixNanoseconds: status.st_mtim.tv_sec * 1_000_000_000)
    }
}

extension LogImport where Source == KernelJournal {
    /// What the kernel said in systemd's journal.
    public init(ofJournalIn root: String, into store: EventStore, now: Timestamp) throws(SourceError) {
        self.init(try KernelJournal(root: root), named: "journal", writtenAt: now, into: store, now: now)
    }
}

/// What the reading of one log has given.
public struct ImportOutcome: Hashable, Sendable {
    public var reports = 0
    public var added = 0
    /// Of the known ones, those that had less of their report before.
    public var completed = 0

    public init(reports: Int = 0, added: Int = 0, completed: Int = 0) {
        self.reports = reports
        self.added = added
        self.completed = completed
    }

    public var known: Int { reports - added }
}

/// Why a log was not read to its end, or not written.
public enum ImportError: Error, Sendable {
    case log(LogFileError)
    case store(StoreError)
}

extension LogImport where Source: ~Copyable {
    /// Reads the next chunk. False at the end of the log.
    public mutating func step() throws(ImportError) -> Bool {
        let chunk: ArraySlice<UInt8>?
        do throws(LogFileError) { chunk = try file.readChunk() } catch { throw .log(error) }
        guard let chunk else {
            try write(parser.finish())
            return false
        }
        try write(parser.add(chunk))
        return true
    }

    private mutating func write(_ reports: [EvidencedReport]) throws(ImportError) {
        guard !reports.isEmpty else { return }
        let tellings = reports.map { EventTelling(record(of: $0), source: path, isLive: false, toldAt: now) }
        do throws(StoreError) {
            for written in try store.record(tellings, claims: &claims) {
                outcome.reports += 1
                if written.change == .added { outcome.added += 1 }
                if written.change == .revised { outcome.completed += 1 }
            }
        } catch { throw .store(error) }
    }

    private func record(of read: EvidencedReport) -> EventRecord {
        var record = EventRecord(of: read, OOMDiagnosis(of: read.report), bootID: nil)
        guard let clock = read.report.wallClock else { return record }
        // Of a date without year or zone both are guessed.
        record.isTimeEstimated = clock.unixSeconds == nil
        record.killedAt =
            clock.unixSeconds.map { Timestamp(unixNanoseconds: $0 &* 1_000_000_000) }
            ?? LocalDate(clock.text, notAfter: writtenAt)?.timestamp
        return record
    }
}
