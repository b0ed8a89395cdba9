import Diagnosis
import Kernel

extension ZonesDocument {
    /// The same values for people: a row per zone, a row per request, and what is wrong.
    public var table: String {
        let size = snapshot.pageSize
        var zoneTable = TerminalTable([
            ("NODE", .right), ("ZONE", .left), ("STATE", .left), ("FREE", .right), ("MIN", .right), ("LOW", .right),
            ("HIGH", .right),
            ("MANAGED", .right), ("HEADROOM user", .right), ("kernel", .right), ("MARGIN user", .right), ("kernel", .right),
        ])
        for assessed in zones {
            let zone = assessed.zone
            let amounts = [zone.free, zone.watermarks.min, zone.watermarks.low, zone.watermarks.high].map {
                Bytes($0, of: size).human
            }
            let rooms = [AllocationRequest.user, .kernel].map { request in assessed.headroom.first { $0.request == request } }
            zoneTable.add(
                [String(zone.id.node), zone.id.name, assessed.state?.rawValue ?? "empty"] + amounts
                    + [human(zone.managed)] + rooms.map { human($0?.now) } + rooms.map { human($0?.margin) })
        }
        var requestTable = TerminalTable([("REQUEST", .left), ("MARGIN", .right), ("BEST NODE", .right), ("IF IT FAILS", .left)])
        for request in assessment.requests {
            requestTable.add([
                request.request.rawValue, human(request.margin), String(request.node), request.consequence.rawValue,
            ])
        }
        return zoneTable.text + "\n" + requestTable.text + findings.map(Self.paragraph).joined()
    }

    private func human(_ pages: Pages?) -> String { pages.map { Bytes($0, of: snapshot.pageSize).human } ?? "-" }

    private static func paragraph(_ finding: Finding) -> String {
        "\n\(finding.severity.rawValue): \(finding.claim)\n" + finding.evidence.map { "    \($0.source): \($0.quote)\n" }.joined()
    }
}
