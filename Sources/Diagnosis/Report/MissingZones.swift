import Kernel

/// Whether zones that the request may use are missing from a report: then nothing proves that all of them were dry.
enum MissingZones {
    /// By the reserves: where a zone's reserve grows from one column to the next, the zone of that column has memory, on the
    /// same node. By the counters: `free:` counts every zone.
    static func areSeen(
        in report: OOMReport, _ reach: RequestReach, _ types: ZoneTypes, hidden: HiddenZone?, _ pageSize: PageSize
    ) -> Bool {
        report.zones.contains { $0.free == nil || $0.min == nil } || isSkipped(report, reach, types)
            || (hidden == nil && isMoreFree(report, pageSize))
    }

    private static func isSkipped(_ report: OOMReport, _ reach: RequestReach, _ types: ZoneTypes) -> Bool {
        guard let last = reach.column(in: types), !types.types.isEmpty else { return false }
        return report.zones.contains { zone in
            zone.protection.indices.dropFirst().contains { column in
                guard column <= last, types.types.indices.contains(column), zone.protection[column] > zone.protection[column - 1]
                else { return false }
                return !report.zones.contains { $0.node == zone.node && $0.type == types.types[column] }
            }
        }
    }

    /// A twentieth of the printed and 8 MiB more: CPUs free pages while the report is printed.
    private static func isMoreFree(_ report: OOMReport, _ pageSize: PageSize) -> Bool {
        guard let counted = report.counters?["free"] else { return false }
        let printed = report.printed(\.free)
        return Bytes(counted, of: pageSize) > printed + Bytes(printed.count / 20) + Bytes(kibibytes: 8 << 10)
    }
}
