public import Diagnosis
import Kernel

/// A stall as an event of the stream.
public struct StallDocument: Sendable {
    let stall: Stall

    public init(_ stall: Stall) { self.stall = stall }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { write(to: &$0) }
    }

    func write(to json: inout JSONWriter) {
        json.write("id", stall.id)
        json.write("kind", "stall")
        json.write("began_at", stall.begin.wall)
        json.write("ended_at", stall.end?.wall)
        json.write("owner", stall.group == nil ? "machine" : "cgroup")
        json.write("cgroup", stall.group?.text)
        json.write("reasons", stall.reasons.map(\.rawValue))
        json.write("pressure_full_percent", thousandths: stall.worst.fullHundredths.map { $0 * 10 })
        json.write("refaulted_bytes_per_second", stall.worst.refaultedPerSecond)
        json.write("allocation_stalls_per_second", stall.worst.allocationStallsPerSecond)
        json.write("limit_events_per_second", stall.worst.limitEventsPerSecond)
    }

    /// One line for a log or a terminal.
    public var line: String {
        let whose = stall.group.map { "cgroup \($0.text.printable)" } ?? "the machine"
        let what = stall.reasons.map(\.rawValue).joined(separator: ", ")
        guard let end = stall.end else { return "\(whose) stalls: \(what)" }
        let seconds = (end.sinceBoot.count - stall.begin.sinceBoot.count) / 1_000_000_000
        return "\(whose) stalled for \(seconds) s: \(what)"
    }
}
