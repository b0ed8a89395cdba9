import Diagnosis
import Kernel
import Support

@testable import Store

/// 2026-11-24 00:00:00 UTC.
let midnight = Timestamp(unixNanoseconds: 1_795_478_400 * second)
let second = 1_000_000_000
let day = 86_400 * second

extension Timestamp {
    static func + (time: Timestamp, nanoseconds: Int) -> Timestamp {
        Timestamp(unixNanoseconds: time.unixNanoseconds + nanoseconds)
    }
}

/// A store of the test's own.
struct Scene {
    let directory: TemporaryDirectory
    let store: EventStore

    init() throws {
        directory = try TemporaryDirectory()
        store = EventStore(path: directory.path + "/" + StoreFile.name)
        try store.open()
    }

    /// As one run over one source.
    @discardableResult
    func tell(_ records: [EventRecord], source: String = "kmsg", isLive: Bool = true) throws -> [RecordOutcome] {
        var claims = Claims()
        let tellings = records.map {
            EventTelling($0, source: source, isLive: isLive, toldAt: ($0.killedAt ?? midnight) + second)
        }
        return try store.record(tellings, claims: &claims)
    }

    func all() throws -> [StoredEvent] {
        var query = EventQuery()
        query.limit = 10_000
        query.kinds = Set(EventKind.allCases)
        return try store.events(query).events
    }
}

/// The kill of one process, as the ring of boot `b` tells it: record 100 + n, at n seconds, on midnight + n seconds.
func kill(_ number: Int, comm: CommandName = "eater", boot: String? = "b") -> EventRecord {
    let pid = ProcessID(Int32(1_000 + number))
    let line = LogLine(
        number: 100 + number, transport: .kmsg, time: TimeSinceBoot(seconds: number),
        text: Array("Killed process \(pid) (\(comm.text))".utf8))
    var record = EventRecord(
        .kill,
        EventIdentity(
            bootID: boot, time: TimeSinceBoot(seconds: number), sequence: boot == nil ? nil : UInt64(100 + number),
            processID: pid,
            comm: comm, fingerprint: EventIdentity.fingerprint(of: [line])))
    record.killedAt = midnight + number * second
    record.scope = .memcg
    record.cause = .memcgLimit
    record.confidence = .certain
    record.victims = [Victim(processID: pid, comm: comm)]
    record.evidence = [line]
    return record
}

/// The same as a syslog file has it: no boot, no number, no stamp of the kernel, whole seconds.
func syslog(_ record: EventRecord, late nanoseconds: Int = 0) -> EventRecord {
    var told = record
    told.identity.bootID = nil
    told.identity.sequence = nil
    told.identity.time = nil
    told.killedAt = record.killedAt.map { time in
        Timestamp(unixNanoseconds: (time.unixNanoseconds + nanoseconds) / second * second)
    }
    return told
}
