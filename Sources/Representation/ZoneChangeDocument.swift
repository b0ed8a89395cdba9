public import Diagnosis
import Kernel

/// Zones that have come to stand elsewhere against their watermarks, as an event of the stream.
public struct ZoneChangeDocument: Sendable {
    let change: ZoneChange

    public init(_ change: ZoneChange) { self.change = change }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("kind", "zone_state")
            json.write("at", change.at)
            json.objects("zones", change.zones) { json, step in
                json.write("numa_node", step.zone.id.node)
                json.write("memory_zone", step.zone.id.name)
                json.write("before", step.before.rawValue)
                json.write("state", step.state.rawValue)
                json.write("free_bytes", step.zone.free, of: change.pageSize)
                json.write("min_bytes", step.zone.watermarks.min, of: change.pageSize)
                json.write("low_bytes", step.zone.watermarks.low, of: change.pageSize)
                json.write("high_bytes", step.zone.watermarks.high, of: change.pageSize)
            }
            json.write("low_zone_dry", change.lowZoneIsDry)
            json.write(findings: change.findings)
        }
    }
}
