import Diagnosis
import Kernel

/// Events as comma-separated values (RFC 4180): a row per victim, one for an event without.
public enum KillsCSV {
    private static let columns = [
        "seq", "id", "kind", "killed_at", "scope", "cause", "confidence", "pid", "comm", "uid", "oom_score_adj", "total_vm_bytes",
        "anon_rss_bytes", "file_rss_bytes", "shmem_rss_bytes", "pgtables_bytes", "victim_cgroup", "limit_cgroup", "unit",
        "container", "pod", "lost_records",
    ]

    public static var head: [UInt8] { line(columns) }

    public static func rows(_ entry: OOMKillsEntry) -> [UInt8] {
        let victims = entry.event.victims.isEmpty ? [Victim(processID: nil)] : entry.event.victims
        return victims.flatMap { row($0, of: entry) }
    }

    private static func row(_ victim: Victim, of entry: OOMKillsEntry) -> [UInt8] {
        let (event, record, memory) = (entry.event, entry.record, victim.memory)
        let whole = [
            "\(record.seq)", event.id, record.kind, event.killedAt?.rfc3339, event.scope.rawValue,
            entry.diagnosis?.cause.rawValue, entry.diagnosis?.confidence.rawValue,
        ]
        let process = [victim.processID?.description, victim.comm?.text, victim.userID?.description]
        let sizes = [memory.total, memory.anonymous, memory.file, memory.shared, memory.pageTables].map { $0?.count.description }
        let groups = [event.victimCgroup?.text, event.limitCgroup?.text, record.unit, record.container, record.pod]
        let rest = [record.lostRecords?.description]
        return line((whole + process + [victim.scoreAdjustment?.description] + sizes + groups + rest).map { $0 ?? "" })
    }

    /// A name that begins like a formula is one for a spreadsheet: it is quoted, and a quote put before it.
    private static func line(_ fields: [String]) -> [UInt8] {
        Array((fields.map(quoted).joined(separator: ",") + "\r\n").utf8)
    }

    private static func quoted(_ field: String) -> String {
        let isFormula = field.first.map { "=+@\t\r".contains($0) } ?? false
        let text = isFormula ? "'" + field : field
        guard isFormula || text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return text }
        return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }
}
