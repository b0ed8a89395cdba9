public import Diagnosis
public import Kernel

/// `GET /cgroups`: the memory cgroups, and how far each is from a kill.
public struct CgroupsDocument: Sendable {
    let takenAt: Timestamp
    let order: CgroupOrder
    let groups: [CgroupReport]
    /// Shown or not.
    let total: Int

    public init(takenAt: Timestamp, order: CgroupOrder, groups: [CgroupReport], total: Int) {
        self.takenAt = takenAt
        self.order = order
        self.groups = groups
        self.total = total
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write("sort", order.rawValue)
            json.objects("cgroups", groups) { json, group in json.write(group) }
            json.write("total", total)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ report: CgroupReport) {
        let group = report.group
        write("cgroup", group.path.text)
        write("version", group.version.rawValue)
        write("unit", CgroupIdentity(of: group.path).unit)
        write("usage_bytes", group.usage)
        write("max_bytes", group.maximum)
        write("high_bytes", group.high)
        write("swap_usage_bytes", group.swap.usage)
        write("swap_max_bytes", group.swap.maximum)
        write("memory_and_swap_usage_bytes", group.swap.totalUsage)
        write("memory_and_swap_max_bytes", group.swap.totalMaximum)
        write("headroom_bytes", report.nearest?.headroom)
        object("nearest_limit", of: report.nearest) { json, limit in json.write(limit) }
        object("nearest_high", of: report.nearestHigh) { json, limit in json.write(limit) }
        write("throttled", report.isThrottled)
        write("oom_group", group.killsTogether)
        write("oom_kill_disabled", group.waitsInstead)
        write("under_oom", group.isOutOfMemory)
        write(group.events)
        object("pressure", of: group.pressure) { json, pressure in
            json.object("some") { $0.write(pressure.some) }
            json.object("full") { $0.write(pressure.full) }
        }
    }

    private mutating func write(_ limit: CgroupLimit) {
        write("cgroup", limit.cgroup.text)
        write("file", limit.file)
        write("limit_bytes", limit.limit)
        write("usage_bytes", limit.usage)
    }

    private mutating func write(_ events: MemoryCgroup.Events) {
        object("events") { json in
            json.write("low", events.low)
            json.write("high", events.high)
            json.write("max", events.max)
            json.write("oom", events.oom)
            json.write("oom_kill", events.oomKill)
            json.write("oom_group_kill", events.oomGroupKill)
            json.write("failcnt", events.failures)
        }
    }

    private mutating func write(_ share: Pressure.Share) {
        write("avg10_ratio", thousandths: share.averages.first.map { ($0.count + 5) / 10 })
        write("total_microseconds", share.totalMicroseconds)
    }
}

extension CgroupsDocument {
    /// The same for people.
    public var table: String {
        var table = TerminalTable([
            ("CGROUP", .left), ("USAGE", .right), ("MAX", .right), ("HIGH", .right), ("HEADROOM", .right),
            ("NEAREST LIMIT", .left), ("OOM KILLS", .right), ("SLOWED DOWN", .left), ("TOGETHER", .left),
        ])
        for report in groups {
            let group = report.group
            let limit = report.nearest.map { $0.cgroup == group.path ? $0.file : "\($0.file) of \($0.cgroup.text.printable)" }
            table.add([
                group.path.text.printable, group.usage?.human ?? "-", group.maximum?.human ?? "none", group.high?.human ?? "-",
                report.nearest?.headroom?.human ?? "-", limit ?? "none", group.events.oomKill.map(String.init) ?? "-",
                word(report.isThrottled), word(group.killsTogether),
            ])
        }
        let rest = total - groups.count
        if total == 0 { return "no memory cgroup\n" }
        return table.text + (rest > 0 ? "and \(rest) more\n" : "")
    }

    private func word(_ value: Bool?) -> String { value.map { $0 ? "yes" : "no" } ?? "-" }
}
