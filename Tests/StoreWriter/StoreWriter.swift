import Glibc
import Kernel
import Store

/// Writes events into the store at the first argument until it is killed, and prints the id of each when it has been written.
@main struct StoreWriter {
    static func main() throws {
        let store = EventStore(path: CommandLine.arguments[1])
        let first = Int(CommandLine.arguments[2]) ?? 0
        for number in first... {
            var claims = Claims()
            let outcomes = try store.record([telling(number)], claims: &claims)
            // At once and whole, without a buffer that would die with us.
            let line = Array((outcomes.map(\.id).joined() + "\n").utf8)
            _ = write(1, line, line.count)
        }
    }

    private static func telling(_ number: Int) -> EventTelling {
        var record = EventRecord(
            .kill,
            EventIdentity(
                bootID: "boot", time: TimeSinceBoot(seconds: number), sequence: UInt64(number),
                processID: ProcessID(Int32(number)), comm: "eater"))
        record.victims = [Victim(processID: ProcessID(Int32(number)), comm: "eater")]
        record.evidence = (0..<60).map { line in
            LogLine(number: number + line, text: Array("row \(line) of \(number): \(number &* 7919 &* line)".utf8))
        }
        return EventTelling(record, source: "kmsg", isLive: true, toldAt: Timestamp(unixNanoseconds: number))
    }
}
