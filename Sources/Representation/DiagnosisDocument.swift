public import Diagnosis
public import Kernel

/// `GET /diagnosis`: which request would fail first on this machine, how far it is from that, and why.
public struct DiagnosisDocument: Sendable {
    let takenAt: Timestamp
    let machine: MachineDiagnosis
    /// nil where nothing is short.
    let outlook: KillOutlook?
    /// Why it cannot be told; nil where it can, or nothing is short.
    let outlookUnknown: String?

    public init(
        takenAt: Timestamp, machine: MachineDiagnosis, outlook: KillOutlook? = nil, outlookUnknown: String? = nil
    ) {
        self.outlookUnknown = outlookUnknown
        self.takenAt = takenAt
        self.machine = machine
        self.outlook = outlook
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write("short", machine.isShort)
            json.object("first_to_fail", of: machine.first) { json, first in
                json.write("request", first.request.rawValue)
                json.write("numa_node", first.node)
                json.write("margin_bytes", machine.margin)
                json.write("reserve_bytes", machine.reserve)
                json.write("consequence", first.consequence.rawValue)
            }
            json.object("outlook", of: outlook) { json, outlook in
                json.object("victim") { $0.write(outlook.victim.reading.status) }
                json.object("returns") { $0.write(outlook.returns) }
                json.write("most_where_needed_bytes", outlook.mostWhereNeeded)
                json.write("claim", outlook.claim)
            }
            json.write("outlook_unknown", outlookUnknown)
            json.objects("zones", machine.explanation.zones) { json, zone in
                json.write(ShownZone(node: zone.node, name: zone.name, reported: nil, verdict: zone))
            }
            json.object("diagnosis") { json in json.write(machine.explanation) }
        }
    }

    private var consequence: String? {
        if let outlook { return outlook.claim.printable + "." }
        return outlookUnknown.map { "who would die cannot be told: \($0.printable)." }
    }

    /// The same for a person.
    public func text(_ style: TextStyle = TextStyle()) -> String {
        let diagnosis = machine.explanation
        let words = Paragraph.lines(of: diagnosis.summary.printable, width: style.width)
        let verdict =
            machine.isShort
            ? [style.paint("\(diagnosis.cause.rawValue)\(style.glyphs.dot)\(diagnosis.confidence.rawValue)", .accent)] : []
        let end = consequence.map { Paragraph.lines(of: $0, width: style.width) } ?? []
        var sections = [
            words + end + verdict, ZonePicture(of: diagnosis, style).lines, FillingPicture(of: diagnosis, style).lines,
        ]
        sections += [EvidenceList(of: diagnosis, style, isWhole: true).lines, RemedyList(of: diagnosis, style).lines]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }
}
