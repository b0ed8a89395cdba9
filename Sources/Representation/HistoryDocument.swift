public import Kernel

/// `GET /history`: what the flight recorder has of a span of time.
public struct HistoryDocument: Sendable {
    let recording: Recording
    let pageSize: PageSize

    public init(recording: Recording, pageSize: PageSize) {
        self.recording = recording
        self.pageSize = pageSize
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { $0.write(recording, pageSize) }
    }
}

/// `GET /oom-kills/{id}/timeline`: the time around an event, and the day before it.
public struct TimelineDocument: Sendable {
    /// What it is called where it is kept.
    public static let kind = "timeline"

    let id: String
    let killedAt: Timestamp?
    let timeline: Timeline
    let pageSize: PageSize

    public init(id: String, killedAt: Timestamp?, timeline: Timeline, pageSize: PageSize) {
        self.id = id
        self.killedAt = killedAt
        self.timeline = timeline
        self.pageSize = pageSize
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { write(to: &$0) }
    }

    func write(to json: inout JSONWriter) {
        json.write("id", id)
        json.write("killed_at", killedAt)
        json.object("around") { $0.write(timeline.fine, pageSize) }
        json.object("day_before") { $0.write(timeline.coarse, pageSize) }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ recording: Recording, _ pageSize: PageSize) {
        write("from", recording.start)
        write("to", recording.end)
        write("step_seconds", recording.step.count / 1_000_000_000)
        objects("samples", recording.samples) { json, sample in json.write(sample, pageSize) }
        objects("processes", recording.processes) { json, scan in json.write(scan) }
        objects("cgroups", recording.cgroups) { json, scan in json.write(scan) }
        objects("margins", recording.margins) { json, reading in json.write(reading, pageSize) }
    }

    private mutating func write(_ sample: RecordedSample, _ pageSize: PageSize) {
        write("at", sample.time.wall)
        write("boot", String(sample.boot, radix: 16))
        for counter in RecordedCounter.allCases {
            switch counter.unit {
            case .kibibytes: write(counter.key, sample.bytes(counter))
            case .hundredths: write(counter.key, thousandths: sample[counter].map { $0 * 10 })
            case .count, .microseconds: write(counter.key, sample[counter])
            }
        }
        objects("zones", sample.layout.zones.indices.compactMap(sample.areas)) { json, areas in
            json.write(areas.id)
            json.write("free_bytes", areas.free, of: pageSize)
            json.array("free_blocks", areas.blocks) { $0.writeValue($1) }
        }
    }

    private mutating func write(_ id: ZoneID) {
        write("numa_node", id.node)
        write("memory_zone", id.name)
    }

    private mutating func write(_ scan: ProcessScan) {
        write("at", scan.time.wall)
        write("total", scan.total)
        objects("processes", scan.processes) { json, process in
            json.write("pid", Int(process.process.rawValue))
            json.write(comm: process.name)
            json.write("oom_score_adj", process.adjustment)
            json.write("rss_bytes", process.resident)
            json.write("swap_bytes", process.swapped)
            json.write("growth_bytes", process.growth)
            json.write("growth_seconds", process.since.count / 1_000_000_000)
        }
    }

    private mutating func write(_ scan: CgroupScan) {
        write("at", scan.time.wall)
        objects("cgroups", scan.groups) { json, group in
            json.write("path", group.path.text)
            json.write("usage_bytes", group.usage)
            json.write("max_bytes", group.maximum)
            json.write("high_bytes", group.high)
            json.write("high_events_total", group.highEvents)
            json.write("max_events_total", group.maximumEvents)
            json.write("oom_kill_total", group.oomKills)
            json.write("pressure_full_microseconds_total", group.pressureFullMicroseconds)
            json.write("oom_group", group.killsAll)
            json.write("under_oom", group.isUnderOOM)
        }
    }

    private mutating func write(_ reading: MarginReading, _ pageSize: PageSize) {
        write("at", reading.time.wall)
        objects("zones", reading.zones) { json, margin in
            json.write(margin.zone)
            json.write("free_bytes", margin.free, of: pageSize)
            json.write("min_bytes", margin.watermarks.min, of: pageSize)
            json.write("low_bytes", margin.watermarks.low, of: pageSize)
            json.write("high_bytes", margin.watermarks.high, of: pageSize)
        }
    }
}
